import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import type { Clock } from '../../../src/tracker/clock.ts';
import { systemClock } from '../../../src/tracker/clock.ts';
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
} from '../../helpers/live-tracker.ts';

const DOWN = 'The tracker answered 500 Internal Server Error';
const down = failed('unavailable', 'service unavailable', DOWN);
const notAsked = failed('unavailable', 'service unavailable', `Not looked up: the tracker is down. ${DOWN}`);
const status500 = { kind: 'status', status: 500 } as const;

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
      ...times(2, failed('unavailable', 'service unavailable', `Not looked up: the tracker is down. ${refused}`)),
    ]);
  });

  test('is counted by attempts', async () => {
    const fault = { kind: 'status', status: 503 } as const;
    const clock = { nowMs: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() };
    const live = await startLive({ faultEverywhere: fault, rootFault: fault }, { concurrency: 1, retries: 2, clock });
    await live.askAll(toKeys(6));
    expect([live.fake.lookups().length, live.fake.requests.length]).toEqual([5, 6]);
  });

  test('is counted by failed health checks too', async () => {
    const live = await startLive({ faultEverywhere: status500, rootFault: status500 }, { concurrency: 1 });
    for (const context of times(4, patient))
      await expect(live.tracker.ping(context)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await live.askAll(toKeys(3))).toEqual([down, ...times(2, notAsked)]);
    live.fake.set({ faultEverywhere: undefined, rootFault: undefined });
    await live.tracker.ping(patient);
    expect(live.tracker.breaker).toBe('closed');
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

describe('a client whose tracker may come back', () => {
  test('a tracker that is there again is asked again', async () => {
    const clock = createTestClock();
    const live = await startLive(
      { faultEverywhere: status500, rootFault: status500 },
      { concurrency: 1, probeEveryMs: 10_000, clock },
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
    const clock: Clock = { ...systemClock, monotonicMs: () => nowMs };
    const live = await startLive({ faultEverywhere: status500, rootFault: status500 }, { probeEveryMs: 10_000, clock });
    await live.askAll(toKeys(20));
    live.fake.set({ faultEverywhere: undefined });
    nowMs = 10_000;
    expect(await live.askAll(toKeys(100))).toEqual(times(100, unlisted));
  });

  test('a trial is one attempt: who waits for its word should have it soon', async () => {
    let nowMs = 0;
    const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, sleep: () => Promise.resolve() };
    const fault = { kind: 'status', status: 503 } as const;
    const live = await startLive({ faultEverywhere: fault, rootFault: fault }, { probeEveryMs: 10_000, clock, retries: 2 });
    await live.askAll(toKeys(20));
    const before = live.fake.lookups().length;
    nowMs = 10_000;
    await live.ask('a.example/');
    expect(live.fake.lookups().length - before).toBe(1);
  });

  test('never asks it again when that was not wanted', async () => {
    const clock = createTestClock();
    const live = await startLive({ faultEverywhere: status500, rootFault: status500 }, { concurrency: 1, clock });
    await live.askAll(toKeys(6));
    live.fake.set({ faultEverywhere: undefined });
    await clock.sleep(1_000_000_000, patient.signal);
    expect([await live.ask('a.example'), live.tracker.breaker]).toEqual([notAsked, 'open']);
  });

  test('finds one down that swallows every request', async () => {
    const url = await startServer(() => undefined);
    const live = await openLive(url, { timeoutMs: 50, retries: 1_000, random: () => 0, concurrency: 5 });
    const notAnswered = 'Not looked up: the tracker is down. The tracker did not answer within 50 ms';
    expect(await live.askAll(toKeys(5))).toEqual(times(5, failed('unavailable', 'service unavailable', notAnswered)));
    expect(live.tracker.breaker).toBe('open');
  });

  test.each([
    ['open', 1_000],
    ['closed', 999],
  ] as const)('one that swallows every request leaves it %s where deadlines come %i ms after them', async (state, waitedMs) => {
    let swallowed = 0;
    let nowMs = 0;
    const url = await startServer(({ url: target }, response) => {
      if (target !== '/' && swallowed < 5) swallowed += 1;
      else response.writeHead(500).end();
    });
    const live = await openLive(url, { clock: { ...systemClock, monotonicMs: () => nowMs } });
    const stop = new AbortController();
    const told = live.askAll(toKeys(5), { signal: stop.signal });
    await expect.poll(() => swallowed, { timeout: 10_000 }).toBe(5);
    nowMs += waitedMs;
    stop.abort(new CctError('deadline', 'Too late'));
    expect(await told).toEqual(times(5, failed('deadline', 'service unavailable', 'Too late')));
    await expect.poll(() => live.tracker.inFlight, { timeout: 10_000 }).toBe(0);
    expect([await live.ask('a.example'), live.tracker.breaker]).toEqual([state === 'open' ? notAsked : down, state]);
  });
});
