import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import { systemClock } from '../../src/tracker/clock.ts';
import { withRetries } from '../../src/tracker/retry.ts';
import { createTestClock, patient } from '../helpers/live-tracker.ts';

const passing = (retryAfterMs?: number) => new CctError('unavailable', 'Down', { isTransient: true, retryAfterMs });

/** Tries something that fails so often before it succeeds, and tells how that went. */
async function tryOut({
  failures = [passing()],
  retries = 2,
  random = () => 0.5,
  deadlineAtMs,
}: {
  failures?: readonly Error[];
  retries?: number;
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
  const result: unknown = await withRetries(attempt, { ...patient, deadlineAtMs }, { retries, clock, random, onWait }).catch(
    (thrown: unknown) => thrown,
  );
  expect(told).toEqual(clock.waits);
  return { result, tries, waits: clock.waits };
}

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
  test('doubles up to eight seconds, and half of it is left to chance', async () => {
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

  test.each([0, 1, 30_000])('is the %i ms that the tracker asks for', async (waitMs) => {
    expect(await tryOut({ failures: [passing(waitMs)] })).toEqual({ result: 'answer', tries: 2, waits: [waitMs] });
  });

  test.each([30_001, Infinity])('is not begun when the tracker asks for %d ms', async (waitMs) => {
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
        clock: systemClock,
        random: () => 0,
        onWait: () => void setImmediate(() => stop.abort(new CctError('interrupted', 'Stopped'))),
      },
    );
    await expect(trying).rejects.toMatchObject({ code: 'interrupted', message: 'Stopped' });
    expect(tries).toBe(1);
  });
});

describe('what its caller gives up', () => {
  /** Gives up while the attempt of this number runs, the first one being 0; those before it fail with `failure`. */
  const giveUpDuring = async (last: number, failure = passing()) => {
    const stop = new AbortController();
    const end = new CctError('deadline', 'Too late');
    let tries = 0;
    const attempt = () => {
      if (tries < last) return Promise.reject(((tries += 1), failure));
      stop.abort(end);
      return Promise.reject(end);
    };
    const clock = createTestClock();
    const context = { signal: stop.signal };
    const options = { retries: 5, clock, random: () => 0, onWait: () => undefined };
    const thrown: unknown = await withRetries(attempt, context, options).catch((reason: unknown) => reason);
    return { thrown, end, failure };
  };

  test('before anything failed ends with its reason', async () => {
    const { thrown, end } = await giveUpDuring(0);
    expect(thrown).toBe(end);
  });

  test.each([1, 3])('after %i failures ends so too, and says in its cause what had failed', async (failures) => {
    const { thrown, failure } = await giveUpDuring(failures);
    expect(thrown).toBeInstanceOf(CctError);
    expect(thrown).toMatchObject({ code: 'deadline', message: 'Too late', cause: failure });
  });

  test('in the wait before the next try does the same', async () => {
    const stop = new AbortController();
    const failure = passing(30_000);
    const end = new CctError('interrupted', 'Stopped');
    const onWait = () => void setImmediate(() => stop.abort(end));
    const options = { retries: 2, clock: systemClock, random: () => 0, onWait };
    const trying = withRetries(() => Promise.reject(failure), { signal: stop.signal }, options);
    await expect(trying).rejects.toMatchObject({ code: 'interrupted', message: 'Stopped', cause: failure });
  });

  test('does not hide a failure of its own that comes in the meantime', async () => {
    const stop = new AbortController();
    const own = new CctError('forbidden', 'No');
    const failures = [passing(), own];
    const attempt = () => {
      if (failures.length === 1) stop.abort(new CctError('deadline', 'Too late'));
      return Promise.reject(failures.shift() ?? new Error('asked too often'));
    };
    const options = { retries: 2, clock: createTestClock(), random: () => 0, onWait: () => undefined };
    await expect(withRetries(attempt, { signal: stop.signal }, options)).rejects.toBe(own);
  });
});

describe('where places are few', () => {
  const options = { retries: 2, clock: createTestClock(), random: () => 0, onWait: () => undefined };

  test('the place is given away for each wait, and nothing is tried before the turn comes again', async () => {
    const events: string[] = [];
    const attempt = () => {
      events.push('tried');
      return Promise.reject(passing());
    };
    const giveWay = async (pause: () => Promise<void>) => {
      events.push('gave way');
      await pause();
      events.push('its turn');
    };
    await expect(withRetries(attempt, { ...patient, giveWay }, options)).rejects.toMatchObject({ code: 'unavailable' });
    expect(events).toEqual(['tried', 'gave way', 'its turn', 'tried', 'gave way', 'its turn', 'tried']);
  });

  test('what is given up while it waits for its turn says in its cause what had failed', async () => {
    const stop = new AbortController();
    const failure = passing();
    const end = new CctError('deadline', 'Too late');
    const giveWay = () => {
      stop.abort(end);
      return Promise.reject(end);
    };
    const trying = withRetries(() => Promise.reject(failure), { signal: stop.signal, giveWay }, options);
    await expect(trying).rejects.toMatchObject({ code: 'deadline', message: 'Too late', cause: failure });
  });
});
