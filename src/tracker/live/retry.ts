import type { CctError } from '../../core/errors.ts';
import { toCctError } from '../../core/errors.ts';
import type { LookupContext } from '../../core/lookups/tracker.ts';
import type { Clock } from '../clock.ts';

export interface RetryOptions {
  /** Attempts after the first. */
  readonly retries: number;
  readonly clock: Clock;
  /** The timeout of an attempt. */
  readonly timeoutMs: number;
  /** A number from 0 to below 1, for the jitter. */
  readonly random: () => number;
  /** Called before each wait. */
  readonly onWait: (error: CctError, waitMs: number) => void;
}

const FIRST_BACKOFF_MS = 250;
/** The longest pause that the tracker did not request, in ms. */
export const MAX_BACKOFF_MS = 8_000;
/** The longest pause that the tracker may request, in ms. */
export const MAX_RETRY_AFTER_MS = 30_000;

/**
 * Repeats an attempt that failed transiently, after a growing, jittered backoff or the pause that the tracker requested. The failure is final
 * if the requested pause is too long, or if no whole attempt fits between the pause and the deadline.
 */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  { signal, deadlineAtMs = Infinity }: LookupContext,
  { retries, timeoutMs, clock, random, onWait }: RetryOptions,
): Promise<Result> {
  for (let retry = 0; ; retry += 1) {
    try {
      return await attempt();
    } catch (thrown) {
      const error = toCctError(thrown);
      const waitMs = error.retryAfterMs ?? toBackoffMs(retry, random);
      const isTooLong = waitMs > MAX_RETRY_AFTER_MS || clock.monotonicMs() + waitMs + timeoutMs > deadlineAtMs;
      if (!error.isTransient || retry >= retries || isTooLong) throw error;
      onWait(error, waitMs);
      await clock.sleep(waitMs, signal);
    }
  }
}

// Up to half is taken off at random: lookups that failed together must not be retried together.
function toBackoffMs(retry: number, random: () => number): number {
  const longestMs = Math.min(FIRST_BACKOFF_MS * 2 ** retry, MAX_BACKOFF_MS);
  return longestMs / 2 + (longestMs / 2) * random();
}
