import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { systemClock } from '../../../src/tracker/clock.ts';
import { withRetries } from '../../../src/tracker/live/retry.ts';
import { createTestClock, patient } from '../../helpers/live-tracker.ts';
import { passing } from './attempts.ts';

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
