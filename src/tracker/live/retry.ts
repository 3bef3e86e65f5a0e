import { CctError, toCctError } from '../../core/errors.ts';
import type { LookupContext } from '../../core/tracker.ts';
import type { Clock } from '../clock.ts';

export interface RetryOptions {
  /** Tries after the first one. */
  readonly retries: number;
  readonly clock: Clock;
  /** A number from 0 up to 1, for the jitter. */
  readonly random: () => number;
  /** Told of each wait before it begins. */
  readonly onWait: (error: CctError, waitMs: number) => void;
}

const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 8_000;
const LONGEST_RETRY_AFTER_MS = 30_000;

/**
 * Repeats an attempt that failed transiently, after a growing, jittered pause or the one that the tracker asked for. A wait that
 * is too long, or that the deadline would cut off, is not begun: the failure stands at once. Others go first meanwhile. When the caller gives up after an
 * attempt had failed, the last such failure is the `cause` of the caller's own error: it may say that the tracker is down.
 */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  context: LookupContext,
  { retries, clock, random, onWait }: RetryOptions,
): Promise<Result> {
  let earlier: CctError | undefined;
  for (let tried = 0; ; tried += 1) {
    try {
      return await attempt();
    } catch (thrown) {
      const error = toFailure(thrown, context.signal, earlier);
      const waitMs = error.retryAfterMs ?? backoffMs(tried, random);
      const isTooLong = waitMs > LONGEST_RETRY_AFTER_MS || clock.nowMs() + waitMs > (context.deadlineAtMs ?? Infinity);
      if (!error.isTransient || tried >= retries || isTooLong) throw error;
      onWait(error, waitMs);
      earlier = error;
      const pause = () => clock.sleep(waitMs, context.signal);
      await (context.giveWay?.(pause) ?? pause()).catch((reason: unknown) => {
        throw toFailure(reason, context.signal, earlier);
      });
    }
  }
}

/** The failure as it is, or, where it is the caller's end, that end with the failure of the attempt before it as its cause. */
function toFailure(thrown: unknown, { reason }: AbortSignal, earlier: CctError | undefined): CctError {
  const error = toCctError(thrown);
  return earlier && error === reason ? new CctError(error.code, error.message, { cause: earlier }) : error;
}

// Half fixed, half random: lookups that failed together must not come back together.
function backoffMs(tried: number, random: () => number): number {
  const ceilingMs = Math.min(FIRST_BACKOFF_MS * 2 ** tried, LONGEST_BACKOFF_MS);
  return ceilingMs / 2 + (ceilingMs / 2) * random();
}
