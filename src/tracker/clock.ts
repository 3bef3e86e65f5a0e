import { setTimeout as delay } from 'node:timers/promises';
import { toCctError } from '../core/errors.ts';

/** Time as the client sees it; tests hand in one that does not wait. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Resolves after `waitMs`; rejects with the signal's reason when that aborts first. */
  sleep(waitMs: number, signal: AbortSignal): Promise<void>;
}

/** The clock on the wall. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  async sleep(waitMs, signal) {
    try {
      await delay(waitMs, undefined, { signal });
    } catch (thrown) {
      throw signal.aborted ? toCctError(signal.reason) : thrown;
    }
  },
};
