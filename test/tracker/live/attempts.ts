import { expect } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { withRetries } from '../../../src/tracker/live/retry.ts';
import { createTestClock, patient } from '../../helpers/live-tracker.ts';

/** A failure that may pass. */
export const passing = (retryAfterMs?: number) => new CctError('unavailable', 'Down', { isTransient: true, retryAfterMs });

/** Tries something that fails so often before it succeeds, and tells how that went. */
export async function tryOut({
  failures = [passing()],
  retries = 2,
  timeoutMs = 0,
  random = () => 0.5,
  deadlineAtMs,
}: {
  failures?: readonly Error[];
  retries?: number;
  timeoutMs?: number;
  random?: () => number;
  deadlineAtMs?: number;
}) {
  const clock = createTestClock(1_000);
  const told: number[] = [];
  let tries = 0;
  const attempt = () => {
    const failure = failures[tries];
    tries += 1;
    return failure === undefined ? Promise.resolve('answer') : Promise.reject(failure);
  };
  const onWait = (_error: CctError, waitMs: number) => void told.push(waitMs);
  const result: unknown = await withRetries(
    attempt,
    { ...patient, deadlineAtMs },
    { retries, timeoutMs, clock, random, onWait },
  ).catch((thrown: unknown) => thrown);
  expect(told).toEqual(clock.waits);
  return { result, tries, waits: clock.waits };
}
