import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { CctError } from '../../../src/core/errors.ts';
import { createBreaker, isDown } from '../../../src/tracker/live/breaker.ts';
import { createDeferred } from '../../core/samples.ts';
import { patient, times } from '../../helpers/live-tracker.ts';
import { idle } from '../../helpers/idle.ts';

/** A breaker whose probe succeeds, and lookups that end as told. */
function createTrial() {
  let probes = 0;
  const breaker = createBreaker(() => {
    probes += 1;
    return Promise.resolve();
  });
  return {
    get probes() {
      return probes;
    },
    async run(...ends: readonly (ErrorCode | 'answer')[]) {
      for (const end of ends) {
        const lookup = () => (end === 'answer' ? Promise.resolve(end) : Promise.reject(new CctError(end, 'No answer')));
        await breaker.run(lookup, patient).catch(() => undefined);
      }
    },
  };
}

describe('what counts as down', () => {
  test.each([
    ['unavailable', true],
    ['unverified-certificate', true],
    ['forbidden', false],
    ['not-found', false],
    ['throttled', false],
    ['unexpected-answer', false],
    ['unintelligible', false],
    ['deadline', false],
    ['interrupted', false],
    ['internal', false],
  ] as const)('%s: %s', async (code, counts) => {
    expect(isDown(new CctError(code, 'No answer'))).toBe(counts);
    const trial = createTrial();
    await trial.run(...times(5, code));
    expect(trial.probes).toBe(counts ? 1 : 0);
  });

  test.each(['answer', 'forbidden', 'not-found', 'throttled', 'unexpected-answer', 'unintelligible'] as const)(
    'begins anew after %s',
    async (between) => {
      const trial = createTrial();
      await trial.run(...times(4, 'unavailable' as const), between, ...times(4, 'unavailable' as const));
      expect(trial.probes).toBe(0);
      await trial.run('unavailable');
      expect(trial.probes).toBe(1);
    },
  );

  test.each(['deadline', 'interrupted'] as const)('goes on after %s, which says nothing of the tracker', async (between) => {
    const trial = createTrial();
    await trial.run(...times(4, 'unavailable' as const), between, 'unavailable');
    expect(trial.probes).toBe(1);
  });

  test('begins anew when / has answered', async () => {
    const trial = createTrial();
    await trial.run(...times(9, 'unavailable' as const));
    expect(trial.probes).toBe(1);
    await trial.run('unavailable');
    expect(trial.probes).toBe(2);
  });

  test('goes by the order in which lookups end, not in which they began', async () => {
    let probes = 0;
    const breaker = createBreaker(() => Promise.resolve(void (probes += 1)));
    const lookups = Array.from({ length: 6 }, () => createDeferred<string>());
    const running = lookups.map(({ promise }) => breaker.run(() => promise, patient).catch(() => 'failed'));
    for (const lookup of lookups.slice(1)) lookup.reject(new CctError('unavailable', 'Down'));
    await Promise.all(running.slice(1));
    expect(probes).toBe(1);
    lookups[0]?.resolve('answer');
    expect(await Promise.all(running)).toEqual(['answer', ...times(5, 'failed')]);
  });
});

describe('while / is asked', () => {
  /** A breaker that waits for the word of `probe`. */
  const startProbing = async () => {
    const probe = createDeferred<undefined>();
    const breaker = createBreaker(() => probe.promise);
    const fail = () => Promise.reject(new CctError('unavailable', 'Down'));
    for (const lookup of times(5, fail)) await breaker.run(lookup, patient).catch(() => undefined);
    return { probe, breaker };
  };

  test('lookups wait, and begin when it answers', async () => {
    const { probe, breaker } = await startProbing();
    const begun: string[] = [];
    const waiting = breaker.run(() => Promise.resolve(begun.push('lookup')), patient);
    await idle();
    expect(begun).toEqual([]);
    probe.resolve(undefined);
    expect([await waiting, begun]).toEqual([1, ['lookup']]);
  });

  test('lookups wait, and never begin when it does not', async () => {
    const { probe, breaker } = await startProbing();
    const begun: string[] = [];
    const waiting = breaker.run(() => Promise.resolve(begun.push('lookup')), patient);
    const cause = new CctError('forbidden', 'The tracker answered 403 Forbidden');
    probe.reject(cause);
    const message = 'Not looked up: the tracker is down. The tracker answered 403 Forbidden';
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable', message, cause });
    expect(begun).toEqual([]);
  });

  test('a lookup that is given up waits no longer', async () => {
    const { breaker } = await startProbing();
    const stop = new AbortController();
    const waiting = breaker.run(() => Promise.resolve('answer'), stop);
    stop.abort(new CctError('deadline', 'Too late'));
    await expect(waiting).rejects.toMatchObject({ code: 'deadline', message: 'Too late' });
  });
});

describe('a lookup that its caller gave up', () => {
  test.each(['deadline', 'interrupted'] as const)('after it had found the tracker down is down: %s', async (code) => {
    const cause = new CctError('unavailable', 'Down');
    let probes = 0;
    const breaker = createBreaker(() => Promise.reject(new CctError('unavailable', `Down (${(probes += 1)})`)));
    const giveUp = () => Promise.reject(new CctError(code, 'Too late', { cause }));
    for (const lookup of times(5, giveUp)) {
      await expect(breaker.run(lookup, patient)).rejects.toMatchObject({ code, message: 'Too late' });
    }
    await expect(breaker.run(giveUp, patient)).rejects.toMatchObject({ code: 'unavailable' });
    expect([probes, breaker.state]).toEqual([1, 'open']);
  });

  test('after it was answered otherwise is not', async () => {
    let probes = 0;
    const breaker = createBreaker(() => Promise.resolve(void (probes += 1)));
    const cause = new CctError('throttled', 'Not so fast');
    const giveUp = () => Promise.reject(new CctError('deadline', 'Too late', { cause }));
    for (const lookup of times(9, giveUp)) await breaker.run(lookup, patient).catch(() => undefined);
    expect([probes, breaker.state]).toEqual([0, 'closed']);
  });
});
