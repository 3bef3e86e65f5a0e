import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { systemClock } from '../../../src/tracker/clock.ts';
import { MAX_BACKOFF_MS, MAX_RETRY_AFTER_MS, withRetries } from '../../../src/tracker/live/retry.ts';
import { passing, tryOut } from './attempts.ts';

const forever = Array.from({ length: 20 }, () => passing());

describe('an attempt', () => {
  test('that succeeds is not repeated', async () => {
    expect(await tryOut({ failures: [] })).toEqual({ result: 'answer', tries: 1, waits: [] });
  });

  test('that fails for a moment is repeated until it succeeds', async () => {
    expect(await tryOut({ failures: [passing(), passing()] })).toMatchObject({ result: 'answer', tries: 3 });
  });

  test('that fails for good is not repeated', async () => {
    const failure = new CctError('unavailable', 'Down');
    expect(await tryOut({ failures: [failure] })).toEqual({ result: failure, tries: 1, waits: [] });
  });

  test('that ends in a bug is not repeated', async () => {
    const { result, tries } = await tryOut({ failures: [new TypeError('x is not a function')] });
    expect(result).toMatchObject({ code: 'internal', message: 'This is a bug in cct: x is not a function' });
    expect(tries).toBe(1);
  });

  test.each([0, 1, 2, 5])('is repeated %i times at the most, with no wait after the last', async (retries) => {
    const { result, tries, waits } = await tryOut({ failures: forever, retries });
    expect([result, tries, waits.length]).toEqual([forever[retries], retries + 1, retries]);
  });
});

describe('the wait', () => {
  test(`doubles up to ${MAX_BACKOFF_MS} ms, and up to half of it is taken off at random`, async () => {
    const least = await tryOut({ failures: forever, retries: 8, random: () => 0 });
    const most = await tryOut({ failures: forever, retries: 8, random: () => 1 });
    expect(least.waits).toEqual([125, 250, 500, 1000, 2000, 4000, 4000, 4000]);
    expect(most.waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
  });

  test('takes a new chance each time', async () => {
    const chances = [0, 0.5, 1];
    const { waits } = await tryOut({ failures: forever, retries: 3, random: () => chances.shift() ?? 0 });
    expect(waits).toEqual([125, 375, 1000]);
  });

  test.each([0, 1, MAX_RETRY_AFTER_MS])('is the %i ms that the tracker asks for', async (waitMs) => {
    expect(await tryOut({ failures: [passing(waitMs)] })).toEqual({ result: 'answer', tries: 2, waits: [waitMs] });
  });

  test.each([MAX_RETRY_AFTER_MS + 1, Infinity])('is not begun when the tracker asks for %d ms', async (waitMs) => {
    const failure = passing(waitMs);
    expect(await tryOut({ failures: [failure] })).toEqual({ result: failure, tries: 1, waits: [] });
  });

  test('is begun when it ends at the deadline', async () => {
    expect(await tryOut({ failures: [passing(500)], deadlineAtMs: 1_500 })).toMatchObject({ result: 'answer', waits: [500] });
  });

  test.each([
    ['the one that the tracker asks for', passing(500)],
    ['the one of our own', passing()],
  ])('is not begun when it would end after the deadline: %s', async (_which, failure) => {
    const { result, waits } = await tryOut({ failures: [failure], deadlineAtMs: 1_100 });
    expect([result, waits]).toEqual([failure, []]);
  });

  test.each([
    [10_000, 11_500, 2],
    [10_000, 11_499, 1],
  ])('is not begun when no attempt of %d ms fits behind it: until %d', async (timeoutMs, deadlineAtMs, tries) => {
    expect(await tryOut({ failures: [passing(500)], timeoutMs, deadlineAtMs })).toMatchObject({ tries });
  });

  test('counts the waits before it', async () => {
    const { tries, waits } = await tryOut({ failures: forever, retries: 5, random: () => 1, deadlineAtMs: 2_000 });
    expect([tries, waits]).toEqual([3, [250, 500]]);
  });

  test('ends with the signal and its reason, and nothing is tried after', async () => {
    const stop = new AbortController();
    let tries = 0;
    const attempt = () => {
      tries += 1;
      return Promise.reject(passing(30_000));
    };
    const trying = withRetries(
      attempt,
      { signal: stop.signal },
      {
        retries: 2,
        timeoutMs: 0,
        clock: systemClock,
        random: () => 0,
        onWait: () => void setImmediate(() => stop.abort(new CctError('interrupted', 'Stopped'))),
      },
    );
    await expect(trying).rejects.toMatchObject({ code: 'interrupted', message: 'Stopped' });
    expect(tries).toBe(1);
  });
});
