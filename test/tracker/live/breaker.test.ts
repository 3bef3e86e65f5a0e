import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { CctError } from '../../../src/core/errors.ts';
import { createBreaker } from '../../../src/tracker/live/breaker.ts';
import { isDown } from '../../../src/tracker/live/failures.ts';
import type { Clock } from '../../../src/tracker/clock.ts';
import { createDeferred } from '../../core/samples.ts';
import { idle } from '../../helpers/idle.ts';
import { patient, times } from '../../helpers/live-tracker.ts';

const PROBE_EVERY_MS = 10_000;
const REFUSED = 'Not looked up: the tracker is down. No: unavailable';

const fail = (code: ErrorCode) => () => Promise.reject(new CctError(code, `No: ${code}`));
const succeed = () => Promise.resolve('answer');

/** A breaker whose clock is set by the test; `run` resolves to the result or the message of the failure. */
function open({ ping = fail('unavailable'), probeEveryMs }: { ping?: () => Promise<void>; probeEveryMs?: number } = {}) {
  let nowMs = 0;
  const limits: (() => void)[] = [];
  const clock: Clock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: () => new Promise((resolve) => limits.push(resolve)),
  };
  const changes: (string | undefined)[] = [];
  const breaker = createBreaker({ ping, clock, probeEveryMs, onChange: (cause) => void changes.push(cause?.message) });
  const run = (attempt: () => Promise<string>, signal = patient.signal) =>
    breaker.run(attempt, signal).catch((thrown: unknown) => (thrown as Error).message);
  return { breaker, run, changes, setNow: (ms: number) => void (nowMs = ms), endWait: () => limits.pop()?.() };
}

/** The same after five attempts found the tracker down; with `late`, one that has begun before. */
async function openDown() {
  const opened = open({ probeEveryMs: PROBE_EVERY_MS });
  const late = createDeferred<string>();
  const lateEnd = opened.run(() => late.promise);
  for (const attempt of times(5, fail('unavailable'))) await opened.run(attempt);
  await idle();
  return { ...opened, late, lateEnd };
}

/** An attempt that the test ends. */
function begin(run: (attempt: () => Promise<string>) => Promise<string>) {
  const { promise, resolve, reject } = createDeferred<string>();
  return {
    end: run(() => promise),
    answer: () => resolve('answer'),
    fail: (code: ErrorCode) => reject(new CctError(code, `No: ${code}`)),
  };
}

describe('a closed breaker', () => {
  test.each([
    ['unavailable', true],
    ['unverified-certificate', true],
    ['forbidden', false],
    ['throttled', false],
    ['unintelligible', false],
  ] as const)('counts %s as down: %s', (code, counts) => {
    expect(isDown(new CctError(code, 'No answer'))).toBe(counts);
  });

  test.each<[string, readonly ErrorCode[]]>([
    ['four', times<ErrorCode>(4, 'unavailable')],
    ['an answer in between', [...times<ErrorCode>(4, 'unavailable'), 'forbidden', ...times<ErrorCode>(4, 'unavailable')]],
  ])('stays closed after %s', async (_what, codes) => {
    const { breaker, run } = open();
    for (const code of codes) await run(fail(code));
    expect([await run(succeed), breaker.state()]).toEqual(['answer', 'closed']);
  });

  test('opens at five in a row when the ping finds the tracker down too', async () => {
    const { breaker, run, changes } = open();
    for (const attempt of times(5, fail('unverified-certificate'))) await run(attempt);
    expect([await run(succeed), breaker.state(), changes]).toEqual([REFUSED, 'open', ['No: unavailable']]);
  });

  test('stays closed when the ping is answered, and counts anew', async () => {
    let pings = 0;
    const { breaker, run } = open({ ping: () => Promise.resolve(void (pings += 1)) });
    for (const attempt of times(9, fail('unavailable'))) await run(attempt);
    await idle();
    expect([pings, await run(succeed), breaker.state()]).toEqual([1, 'answer', 'closed']);
  });

  test('has attempts wait for the ping', async () => {
    const pinging = createDeferred<undefined>();
    const { run } = open({ ping: () => pinging.promise });
    for (const attempt of times(5, fail('unavailable'))) await run(attempt);
    const waiting = run(succeed);
    await idle();
    pinging.reject(new CctError('unavailable', 'No: unavailable'));
    expect(await waiting).toBe(REFUSED);
  });

  test.each([
    [1_000, 'open'],
    [999, 'closed'],
  ])('counts a deadline after %i ms of silence: %s', async (waitedMs, state) => {
    const { breaker, run, setNow } = open();
    for (let ms = 0; ms < 5 * waitedMs; ms += waitedMs) {
      setNow(ms);
      await run(() => {
        setNow(ms + waitedMs);
        return fail('deadline')();
      });
    }
    await idle();
    expect(breaker.state()).toBe(state);
  });
});

describe('an open breaker', () => {
  test('reports its opening and closing once each', async () => {
    const { changes, run, setNow } = await openDown();
    for (const attempt of times(3, succeed)) await run(attempt);
    setNow(PROBE_EVERY_MS);
    await run(fail('unavailable'));
    expect(changes).toEqual(['No: unavailable']);
    setNow(2 * PROBE_EVERY_MS);
    for (const attempt of times(3, succeed)) await run(attempt);
    expect(changes).toEqual(['No: unavailable', undefined]);
  });

  test.each(['forbidden', 'not-found', 'throttled', 'unexpected-answer', 'unintelligible'] as const)(
    'closes after %s: the tracker has answered',
    async (code) => {
      const { breaker, run, setNow } = await openDown();
      setNow(PROBE_EVERY_MS);
      expect([await run(fail(code)), breaker.state(), await run(succeed)]).toEqual([`No: ${code}`, 'closed', 'answer']);
    },
  );

  test.each(['unavailable', 'unverified-certificate', 'deadline'] as const)(
    'stays open after %s, until the next probe',
    async (code) => {
      const { breaker, run, setNow } = await openDown();
      setNow(PROBE_EVERY_MS + 5);
      expect([await run(fail(code)), breaker.state()]).toEqual([`No: ${code}`, 'open']);
      setNow(2 * PROBE_EVERY_MS + 4);
      expect(await run(succeed)).toContain('Not looked up');
      setNow(2 * PROBE_EVERY_MS + 5);
      expect([await run(succeed), breaker.state()]).toEqual(['answer', 'closed']);
    },
  );

  test('closes when an attempt that began before is answered', async () => {
    const { breaker, late, lateEnd, run } = await openDown();
    late.resolve('answer');
    expect([await lateEnd, breaker.state(), await run(succeed)]).toEqual(['answer', 'closed', 'answer']);
  });

  test('makes no probe without `probeEveryMs`', async () => {
    const { run, setNow } = open();
    for (const attempt of times(5, fail('unavailable'))) await run(attempt);
    setNow(1e12);
    expect(await run(succeed)).toBe(REFUSED);
  });
});

describe('the probe', () => {
  test('is one: the others await its result, and are made when it is answered', async () => {
    const { breaker, run, setNow } = await openDown();
    setNow(PROBE_EVERY_MS - 1);
    expect(await run(succeed)).toBe(REFUSED);
    setNow(PROBE_EVERY_MS);
    const first = begin(run);
    const made: string[] = [];
    const others = times(3, 'other').map((name) => run(() => Promise.resolve(`${name} ${made.push(name)}`)));
    await idle();
    expect([breaker.state(), made]).toEqual(['half-open', []]);
    first.answer();
    expect([await first.end, breaker.state(), await Promise.all(others)]).toEqual([
      'answer',
      'closed',
      ['other 1', 'other 2', 'other 3'],
    ]);
  });

  test('refuses the others when it finds the tracker down, with what it found', async () => {
    const { run, setNow } = await openDown();
    setNow(PROBE_EVERY_MS);
    const first = begin(run);
    const other = run(succeed);
    first.fail('unverified-certificate');
    expect([await first.end, await other]).toEqual([
      'No: unverified-certificate',
      'Not looked up: the tracker is down. No: unverified-certificate',
    ]);
  });

  test('passes to one of the others when its caller leaves', async () => {
    const { run, setNow } = await openDown();
    setNow(PROBE_EVERY_MS);
    const [first, next, other] = [begin(run), begin(run), run(succeed)];
    first.fail('interrupted');
    expect(await first.end).toBe('No: interrupted');
    await idle();
    next.answer();
    expect([await next.end, await other]).toEqual(['answer', 'answer']);
  });

  test('is awaited for a limited time, and no longer than its caller waits', async () => {
    const { run, setNow, endWait } = await openDown();
    setNow(PROBE_EVERY_MS);
    const first = begin(run);
    const leaving = new AbortController();
    const [other, gone] = [run(succeed), run(succeed, leaving.signal)];
    leaving.abort(new CctError('deadline', 'Too late'));
    expect(await gone).toBe('Too late');
    endWait();
    expect(await other).toBe(REFUSED);
    first.answer();
    await first.end;
  });
});
