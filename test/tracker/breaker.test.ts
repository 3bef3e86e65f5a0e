import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../src/core/errors.ts';
import { CctError } from '../../src/core/errors.ts';
import { createBreaker, isDown } from '../../src/tracker/breaker.ts';
import { createDeferred } from '../core/samples.ts';
import { failed, listed, openLive, patient, startLive, takeDeadUrl, times, toKeys } from '../helpers/live-tracker.ts';

const DOWN = 'The tracker answered 500 Internal Server Error';
const down = failed('unavailable', 'service unavailable', DOWN);
const notAsked = failed('unavailable', 'service unavailable', `Not asked, because the tracker is down. ${DOWN}`);
const status500 = { kind: 'status', status: 500 } as const;

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
        await breaker.run(lookup, patient.signal).catch(() => undefined);
      }
    },
  };
}

describe('a tracker that is down', () => {
  test('is asked for / once after five lookups, and for nothing after that', async () => {
    const live = await startLive({ faultEverywhere: status500, rootFault: status500 }, { concurrency: 1 });
    expect(await live.askAll(toKeys(12))).toEqual([...times(5, down), ...times(7, notAsked)]);
    expect(live.fake.requests.map(({ path }) => path.replace(/\?.*/, ''))).toEqual([...times(5, '/query.php'), '/']);
  });

  test('is asked no more than what had begun when the fifth lookup ended', async () => {
    const live = await startLive({ faultEverywhere: status500, rootFault: status500 }, { concurrency: 6 });
    const told = await live.askAll(toKeys(100));
    expect(told).toEqual([...times(10, down), ...times(90, notAsked)]);
    expect(live.fake.requests.length).toBe(11);
  });

  test('is one that refuses, and then nothing more is tried', async () => {
    const url = await takeDeadUrl();
    const live = await openLive(url, { concurrency: 1 });
    const refused = `The tracker refused the connection (connect ECONNREFUSED ${new URL(url).host})`;
    expect(await live.askAll(toKeys(7))).toEqual([
      ...times(5, failed('unavailable', 'service unavailable', refused)),
      ...times(2, failed('unavailable', 'service unavailable', `Not asked, because the tracker is down. ${refused}`)),
    ]);
  });

  test('is counted by lookups, not by attempts', async () => {
    const fault = { kind: 'status', status: 503 } as const;
    const clock = { nowMs: () => 0, sleep: () => Promise.resolve() };
    const live = await startLive({ faultEverywhere: fault, rootFault: fault }, { concurrency: 1, retries: 2, clock });
    await live.askAll(toKeys(6));
    expect([live.fake.lookups().length, live.fake.requests.length]).toEqual([15, 16]);
  });

  test('is asked on when / answers', async () => {
    const live = await startLive({ faultEverywhere: status500 }, { concurrency: 1 });
    expect(await live.askAll(toKeys(9))).toEqual(times(9, down));
    expect([live.fake.lookups().length, live.fake.requests.length]).toEqual([9, 10]);
  });

  test('can be so for a few questions alone: the others are answered', async () => {
    const keys = toKeys(20);
    const broken = keys.slice(0, 8);
    const live = await startLive({
      faults: Object.fromEntries(broken.map((key) => [key, status500])),
      listings: Object.fromEntries(keys.map((key) => [key, 'Malicious: x'])),
    });
    expect(await live.askAll(keys)).toEqual([...times(8, down), ...times(12, listed('x'))]);
  });
});

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
    const running = lookups.map(({ promise }) => breaker.run(() => promise, patient.signal).catch(() => 'failed'));
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
    for (const lookup of times(5, fail)) await breaker.run(lookup, patient.signal).catch(() => undefined);
    return { probe, breaker };
  };

  test('lookups wait, and begin when it answers', async () => {
    const { probe, breaker } = await startProbing();
    const begun: string[] = [];
    const waiting = breaker.run(() => Promise.resolve(begun.push('lookup')), patient.signal);
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual([]);
    probe.resolve(undefined);
    expect([await waiting, begun]).toEqual([1, ['lookup']]);
  });

  test('lookups wait, and never begin when it does not', async () => {
    const { probe, breaker } = await startProbing();
    const begun: string[] = [];
    const waiting = breaker.run(() => Promise.resolve(begun.push('lookup')), patient.signal);
    const cause = new CctError('forbidden', 'The tracker answered 403 Forbidden');
    probe.reject(cause);
    const message = 'Not asked, because the tracker is down. The tracker answered 403 Forbidden';
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable', message, cause });
    expect(begun).toEqual([]);
  });

  test('a lookup that is given up waits no longer', async () => {
    const { breaker } = await startProbing();
    const stop = new AbortController();
    const waiting = breaker.run(() => Promise.resolve('answer'), stop.signal);
    stop.abort(new CctError('deadline', 'Too late'));
    await expect(waiting).rejects.toMatchObject({ code: 'deadline', message: 'Too late' });
  });
});
