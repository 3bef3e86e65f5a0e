import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../src/core/errors.ts';
import { CctError } from '../../src/core/errors.ts';
import { createBreaker, isDown } from '../../src/tracker/breaker.ts';
import type { Clock } from '../../src/tracker/clock.ts';
import { systemClock } from '../../src/tracker/clock.ts';
import { createDeferred } from '../core/samples.ts';
import {
  createTestClock,
  failed,
  listed,
  openLive,
  patient,
  startLive,
  startServer,
  takeDeadUrl,
  times,
  toKeys,
  unlisted,
} from '../helpers/live-tracker.ts';

const DOWN = 'The tracker answered 500 Internal Server Error';
const down = failed('unavailable', 'service unavailable', DOWN);
const notAsked = failed('unavailable', 'service unavailable', `Not asked, because the tracker is down. ${DOWN}`);
/** Lets everything run that waits for nothing but its turn. */
const idle = () => new Promise((resolve) => setImmediate(resolve));

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

describe('a breaker that tries again', () => {
  const TRY_AGAIN_MS = 10_000;
  const fail = (code: ErrorCode, cause?: CctError) => () => Promise.reject(new CctError(code, `No: ${code}`, { cause }));
  const succeed = () => Promise.resolve('answer');

  /** A breaker that has just opened, at 0 ms, with lookups that run to the end that the test gives them. */
  const openTrying = async ({ tryAgainMs = TRY_AGAIN_MS }: { tryAgainMs?: number | undefined } = {}) => {
    let nowMs = 0;
    const waits: { readonly waitMs: number; readonly end: () => void }[] = [];
    const clock: Clock = {
      nowMs: () => nowMs,
      sleep: (waitMs, signal) =>
        new Promise((resolve, reject) => {
          waits.push({ waitMs, end: resolve });
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        }),
    };
    const changes: (string | undefined)[] = [];
    const onChange = (why: CctError | undefined) => void changes.push(why?.message);
    const breaker = createBreaker(fail('unavailable'), { trials: { tryAgainMs, clock }, onChange });
    const run = (lookup: () => Promise<string>) =>
      breaker.run(lookup, patient.signal).catch((thrown: unknown) => (thrown instanceof CctError ? thrown.message : 'a bug'));
    /** A lookup that goes on until it is told how to end; it has begun when this returns, or was refused. */
    const start = () => {
      const { promise, resolve, reject } = createDeferred<string>();
      const end = run(() => promise);
      return { end, answer: () => resolve('answer'), fail: (code: ErrorCode) => reject(new CctError(code, `No: ${code}`)) };
    };
    const stale = start();
    for (const lookup of times(5, fail('unavailable'))) await run(lookup);
    await run(succeed);
    return { breaker, run, start, stale, waits, changes, setNow: (now: number) => (nowMs = now) };
  };
  const REFUSED = 'Not asked, because the tracker is down. No: unavailable';

  test('lets nothing through until it is time', async () => {
    const { breaker, run, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS - 1);
    expect([await run(succeed), breaker.state]).toEqual([REFUSED, 'open']);
  });

  test('then lets one lookup through; the others wait for its word, and are asked when it is good', async () => {
    const { breaker, run, start, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    const asked: string[] = [];
    const others = times(3, 'other').map((name) => run(() => Promise.resolve(`${name} ${asked.push(name)}`)));
    await idle();
    expect([breaker.state, asked]).toEqual(['half-open', []]);
    trial.answer();
    expect([await trial.end, breaker.state, await Promise.all(others)]).toEqual([
      'answer',
      'closed',
      ['other 1', 'other 2', 'other 3'],
    ]);
  });

  test('makes one of those who wait the next to try when the caller of a trial leaves', async () => {
    const { breaker, run, start, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    const asked: string[] = [];
    const others = times(3, 'other').map((name) => run(() => Promise.resolve(`${name} ${asked.push(name)}`)));
    trial.fail('interrupted');
    expect(await trial.end).toBe('No: interrupted');
    expect([await Promise.all(others), breaker.state]).toEqual([['other 1', 'other 2', 'other 3'], 'closed']);
  });

  test('has those who wait fail when the one among them who tries next finds it down', async () => {
    const { breaker, run, start, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    const next = start();
    const asked: string[] = [];
    const others = times(3, 'other').map((name) => run(() => Promise.resolve(`${name} ${asked.push(name)}`)));
    trial.fail('interrupted');
    await trial.end;
    next.fail('unavailable');
    expect([await next.end, await Promise.all(others), asked, breaker.state]).toEqual([
      'No: unavailable',
      times(3, REFUSED),
      [],
      'open',
    ]);
  });

  test('fails at once those who waited for a bad word', async () => {
    const { breaker, run, start, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    const asked: string[] = [];
    const others = times(3, 'other').map((name) => run(() => Promise.resolve(`${name} ${asked.push(name)}`)));
    trial.fail('unverified-certificate');
    await trial.end;
    const refused = 'Not asked, because the tracker is down. No: unverified-certificate';
    expect([await Promise.all(others), asked, breaker.state]).toEqual([times(3, refused), [], 'open']);
  });

  test('fails those who wait for a word after 3 s from the beginning of the trial, and then all others at once', async () => {
    const { breaker, run, start, waits, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    const other = run(succeed);
    await idle();
    expect(waits.map(({ waitMs }) => waitMs)).toEqual([3_000]);
    waits[0]?.end();
    expect([await other, await run(succeed), breaker.state]).toEqual([REFUSED, REFUSED, 'half-open']);
    setNow(9 * TRY_AGAIN_MS);
    expect([await run(succeed), waits.length]).toEqual([REFUSED, 1]);
    trial.answer();
    expect([await trial.end, await run(succeed)]).toEqual(['answer', 'answer']);
  });

  test('lets go one that waits for a word and is given up, and asks it nothing', async () => {
    const { breaker, start, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    const stop = new AbortController();
    const other = breaker.run(succeed, stop.signal);
    stop.abort(new CctError('deadline', 'Too late'));
    await expect(other).rejects.toMatchObject({ code: 'deadline', message: 'Too late' });
    trial.answer();
    await trial.end;
  });

  test('ends the wait also when a lookup that began before is answered', async () => {
    const { breaker, run, start, stale, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    const other = run(succeed);
    stale.answer();
    expect([await other, breaker.state]).toEqual(['answer', 'closed']);
    trial.fail('unavailable');
    await trial.end;
    expect(await run(succeed)).toBe('answer');
  });

  test('tells a lookup whether it is the trial', async () => {
    const { breaker, run, setNow } = await openTrying();
    const tell = (isTrial: boolean) => Promise.resolve(isTrial);
    setNow(TRY_AGAIN_MS);
    const told = [await breaker.run(tell, patient.signal), await breaker.run(tell, patient.signal)];
    expect([told, await run(succeed)]).toEqual([[true, false], 'answer']);
  });

  test('tells of its opening and its closing once each, however many lookups there are', async () => {
    const { changes, run, setNow } = await openTrying();
    for (const lookup of times(3, succeed)) await run(lookup);
    setNow(TRY_AGAIN_MS);
    await run(fail('unavailable'));
    expect(changes).toEqual(['No: unavailable']);
    setNow(2 * TRY_AGAIN_MS);
    for (const lookup of times(3, succeed)) await run(lookup);
    expect(changes).toEqual(['No: unavailable', undefined]);
    for (const lookup of times(9, fail('unavailable'))) await run(lookup);
    expect(changes).toEqual(['No: unavailable', undefined, 'No: unavailable']);
  });

  test.each(['forbidden', 'not-found', 'throttled', 'unexpected-answer', 'unintelligible'] as const)(
    'closes after %s too: the tracker has answered',
    async (code) => {
      const { breaker, run, setNow } = await openTrying();
      setNow(TRY_AGAIN_MS);
      expect([await run(fail(code)), breaker.state, await run(succeed)]).toEqual([`No: ${code}`, 'closed', 'answer']);
    },
  );

  test.each(['unavailable', 'unverified-certificate', 'deadline'] as const)(
    'stays open after %s, until the next trial',
    async (code) => {
      const { breaker, run, setNow } = await openTrying();
      setNow(TRY_AGAIN_MS + 5);
      expect([await run(fail(code)), breaker.state]).toEqual([`No: ${code}`, 'open']);
      setNow(2 * TRY_AGAIN_MS + 4);
      expect(await run(succeed)).toContain('Not asked');
      setNow(2 * TRY_AGAIN_MS + 5);
      expect([await run(succeed), breaker.state]).toEqual(['answer', 'closed']);
    },
  );

  test('counts from the beginning of a trial, however long it took', async () => {
    const { run, start, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    setNow(2 * TRY_AGAIN_MS);
    trial.fail('unavailable');
    await trial.end;
    expect(await run(succeed)).toBe('answer');
  });

  test('says what the last trial found', async () => {
    const { run, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    await run(fail('unverified-certificate'));
    expect(await run(succeed)).toBe('Not asked, because the tracker is down. No: unverified-certificate');
  });

  test('counts anew when it has closed, and opens again', async () => {
    const { breaker, run, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    await run(succeed);
    for (const lookup of times(4, fail('unavailable'))) await run(lookup);
    expect(await run(succeed)).toBe('answer');
    for (const lookup of times(5, fail('unavailable'))) await run(lookup);
    expect([await run(succeed), breaker.state]).toEqual([REFUSED, 'open']);
    setNow(2 * TRY_AGAIN_MS);
    expect(await run(succeed)).toBe('answer');
  });

  test('closes when a lookup that began before it opened is answered', async () => {
    const { breaker, stale, run } = await openTrying();
    stale.answer();
    expect([await stale.end, breaker.state, await run(succeed)]).toEqual(['answer', 'closed', 'answer']);
  });

  test('stays as it is when such a lookup finds the tracker down', async () => {
    const { breaker, stale, run, setNow } = await openTrying();
    stale.fail('unverified-certificate');
    await stale.end;
    expect([breaker.state, await run(succeed)]).toEqual(['open', REFUSED]);
    setNow(TRY_AGAIN_MS);
    expect(await run(succeed)).toBe('answer');
  });

  test('asks for / no more because of many such lookups', async () => {
    let probes = 0;
    const breaker = createBreaker(() => Promise.reject(new CctError('unavailable', `Down (${(probes += 1)})`)));
    const lookups = times(20, 'k').map(() => createDeferred<string>());
    const ended = Promise.allSettled(lookups.map(({ promise }) => breaker.run(() => promise, patient.signal)));
    for (const { reject } of lookups) {
      reject(new CctError('unavailable', 'Down'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await ended;
    expect([probes, breaker.state]).toEqual([1, 'open']);
  });

  test('wastes no trial on a lookup that was given up before', async () => {
    const { breaker, run, setNow } = await openTrying();
    const stop = new AbortController();
    stop.abort(new CctError('deadline', 'Too late'));
    setNow(TRY_AGAIN_MS);
    await expect(breaker.run(succeed, stop.signal)).rejects.toMatchObject({ code: 'deadline' });
    expect(await run(succeed)).toBe('answer');
  });

  test('not wanted, it stays open for good, whatever comes in late', async () => {
    const breaker = createBreaker(fail('unavailable'));
    const late = createDeferred<string>();
    const stale = breaker.run(() => late.promise, patient.signal);
    for (const lookup of times(5, fail('unavailable'))) await breaker.run(lookup, patient.signal).catch(() => undefined);
    await expect(breaker.run(succeed, patient.signal)).rejects.toThrow(REFUSED);
    late.resolve('answer');
    expect([await stale, breaker.state]).toEqual(['answer', 'open']);
    await expect(breaker.run(succeed, patient.signal)).rejects.toThrow(REFUSED);
  });
});

describe('a lookup that its caller gave up', () => {
  test.each(['deadline', 'interrupted'] as const)('after it had found the tracker down is down: %s', async (code) => {
    const cause = new CctError('unavailable', 'Down');
    let probes = 0;
    const breaker = createBreaker(() => Promise.reject(new CctError('unavailable', `Down (${(probes += 1)})`)));
    const giveUp = () => Promise.reject(new CctError(code, 'Too late', { cause }));
    for (const lookup of times(5, giveUp)) {
      await expect(breaker.run(lookup, patient.signal)).rejects.toMatchObject({ code, message: 'Too late' });
    }
    await expect(breaker.run(giveUp, patient.signal)).rejects.toMatchObject({ code: 'unavailable' });
    expect([probes, breaker.state]).toEqual([1, 'open']);
  });

  test('after it was answered otherwise is not', async () => {
    let probes = 0;
    const breaker = createBreaker(() => Promise.resolve(void (probes += 1)));
    const cause = new CctError('throttled', 'Not so fast');
    const giveUp = () => Promise.reject(new CctError('deadline', 'Too late', { cause }));
    for (const lookup of times(9, giveUp)) await breaker.run(lookup, patient.signal).catch(() => undefined);
    expect([probes, breaker.state]).toEqual([0, 'closed']);
  });
});

describe('through the client', () => {
  test('a tracker that is there again is asked again', async () => {
    const clock = createTestClock();
    const live = await startLive(
      { faultEverywhere: status500, rootFault: status500 },
      { concurrency: 1, tryAgainMs: 10_000, clock },
    );
    expect(await live.askAll(toKeys(7))).toEqual([...times(5, down), ...times(2, notAsked)]);
    expect(live.tracker.breaker).toBe('open');
    live.fake.set({ faultEverywhere: undefined });
    expect(await live.ask('a.example')).toEqual(notAsked);
    await clock.sleep(10_000, patient.signal);
    expect(await live.askAll(toKeys(3))).toEqual(times(3, unlisted));
    expect(live.tracker.breaker).toBe('closed');
  });

  test('a request that finds it there again is answered as a whole', async () => {
    let nowMs = 0;
    const clock: Clock = { ...systemClock, nowMs: () => nowMs };
    const live = await startLive({ faultEverywhere: status500, rootFault: status500 }, { tryAgainMs: 10_000, clock });
    await live.askAll(toKeys(20));
    live.fake.set({ faultEverywhere: undefined });
    nowMs = 10_000;
    expect(await live.askAll(toKeys(100))).toEqual(times(100, unlisted));
  });

  test('a trial is one attempt: who waits for its word should have it soon', async () => {
    let nowMs = 0;
    const clock: Clock = { nowMs: () => nowMs, sleep: () => Promise.resolve() };
    const fault = { kind: 'status', status: 503 } as const;
    const live = await startLive({ faultEverywhere: fault, rootFault: fault }, { tryAgainMs: 10_000, clock, retries: 2 });
    await live.askAll(toKeys(20));
    const before = live.fake.lookups().length;
    nowMs = 10_000;
    await live.ask('a.example/');
    expect(live.fake.lookups().length - before).toBe(1);
  });

  test('is never asked again when that was not wanted', async () => {
    const clock = createTestClock();
    const live = await startLive({ faultEverywhere: status500, rootFault: status500 }, { concurrency: 1, clock });
    await live.askAll(toKeys(6));
    live.fake.set({ faultEverywhere: undefined });
    await clock.sleep(1_000_000_000, patient.signal);
    expect([await live.ask('a.example'), live.tracker.breaker]).toEqual([notAsked, 'open']);
  });

  test('one that swallows every request is found down, though callers leave before the last try', async () => {
    let requests = 0;
    const url = await startServer(() => void (requests += 1));
    const live = await openLive(url, { timeoutMs: 50, retries: 1_000, random: () => 0, concurrency: 5 });
    const stop = new AbortController();
    const told = live.askAll(toKeys(5), { signal: stop.signal });
    await expect.poll(() => requests).toBeGreaterThan(5);
    stop.abort(new CctError('deadline', 'Too late'));
    expect(await told).toEqual(times(5, failed('deadline', 'service unavailable', 'Too late')));
    await expect.poll(() => live.tracker.breaker).toBe('open');
    expect(await live.ask('a.example')).toMatchObject({ message: expect.stringContaining('Not asked') as unknown });
  });
});
