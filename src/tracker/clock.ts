import { setTimeout as delay } from 'node:timers/promises';
import { toCctError } from '../core/errors.ts';

/** The clock of trackers. Tests pass one that does not wait. */
export interface Clock {
  /** Epoch milliseconds, for times that are stored or printed. */
  nowMs(): number;
  /** Milliseconds of a monotonic clock, for intervals. */
  monotonicMs(): number;
  /** Resolves after `waitMs`; rejects with the signal's reason if it aborts first. */
  sleep(waitMs: number, signal: AbortSignal): Promise<void>;
}

/** The clocks of the machine. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  async sleep(waitMs, signal) {
    try {
      await delay(waitMs, undefined, { signal });
    } catch (thrown) {
      throw signal.aborted ? toCctError(signal.reason) : thrown;
    }
  },
};

/** Resolves when `work` settles, or after `maxWaitMs`. */
export async function settledWithin(work: Promise<unknown>, maxWaitMs: number, clock: Pick<Clock, 'sleep'>): Promise<void> {
  const settled = new AbortController();
  const limit = clock.sleep(maxWaitMs, settled.signal).catch(() => undefined);
  await Promise.race([work.catch(() => undefined), limit]);
  settled.abort();
}
