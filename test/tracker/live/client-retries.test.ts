import { describe, expect, test } from 'vitest';
import type { Fault } from '../../helpers/fake-tracker.ts';
import { MAX_RETRY_AFTER_MS } from '../../../src/tracker/live/retry.ts';
import { createTestClock, failed, listed, openLive, patient, startLive, takeDeadUrl } from '../../helpers/live-tracker.ts';

const KEY = 'panel.example/a';
const TOO_MANY = 'The tracker answered 429 Too Many Requests';

const toStatus = (status: number, retryAfter?: number | string): Fault => ({
  kind: 'status',
  status,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

describe('a lookup is asked again', () => {
  test.each<Fault>([toStatus(429), toStatus(502), toStatus(503), toStatus(504), 'reset', 'short-body', 'cut-chunked'])(
    'after %j, as often as was set, and its last failure stands',
    async (fault) => {
      const clock = createTestClock();
      const live = await startLive({ faultEverywhere: fault }, { retries: 2, clock });
      expect((await live.failureOf(KEY)).isTransient).toBe(true);
      expect([live.fake.lookups().map(({ key }) => key), clock.waits]).toEqual([
        [KEY, KEY, KEY],
        [187.5, 375],
      ]);
    },
  );

  test.each<Fault>(['stalled-headers', 'stalled-body'])('after %j, with the whole timeout anew', async (fault) => {
    const live = await startLive(
      { faultEverywhere: fault, failFirst: 1, listings: { [KEY]: 'Malicious: Pony' } },
      { retries: 1, clock: createTestClock(), timeoutMs: 600 },
    );
    expect(await live.ask(KEY)).toEqual(listed('Pony'));
    expect(live.fake.lookups().length).toBe(2);
  });

  test('and is told as asked again', async () => {
    const live = await startLive({ faultEverywhere: toStatus(503), failFirst: 1 }, { retries: 2, clock: createTestClock() });
    await live.ask(KEY);
    expect(live.events.filter(({ kind }) => kind === 'retry')).toEqual([
      { kind: 'retry', text: 'The tracker answered 503 Service Unavailable; retrying in 188 ms' },
    ]);
  });
});

describe('a lookup is not asked again', () => {
  test.each<Fault>([
    ...[400, 401, 403, 404, 408, 410, 500, 501, 505, 520].map((status) => toStatus(status)),
    { kind: 'redirect', location: 'http://other.example/' },
    'html',
    'empty',
    'garbage',
    'cut-json',
    'not-http',
    'huge',
    { kind: 'body', body: '{"message":"Query quota exceeded"}' },
  ])('after %j', async (fault) => {
    const clock = createTestClock();
    const live = await startLive({ faultEverywhere: fault }, { retries: 5, clock });
    expect((await live.failureOf(KEY)).isTransient).toBe(false);
    expect([live.fake.lookups().length, clock.waits]).toEqual([1, []]);
  });

  test('after a refused connection', async () => {
    const clock = createTestClock();
    const live = await openLive(await takeDeadUrl(), { retries: 5, clock });
    expect((await live.failureOf(KEY)).code).toBe('unavailable');
    expect(clock.waits).toEqual([]);
  });

  test('when none was wanted', async () => {
    const live = await startLive({ faultEverywhere: toStatus(503) }, { retries: 0, clock: createTestClock() });
    await live.ask(KEY);
    expect(live.fake.lookups().length).toBe(1);
  });
});

describe('Retry-After', () => {
  const nowMs = Date.parse('2026-10-21T07:28:00Z');
  const maxSeconds = MAX_RETRY_AFTER_MS / 1000;
  const tooLong = maxSeconds + 1;

  test.each([
    [429, 7, 7_000],
    [429, maxSeconds, MAX_RETRY_AFTER_MS],
    [503, 'Wed, 21 Oct 2026 07:28:05 GMT', 5_000],
    [429, 'Wed, 21 Oct 2026 07:00:00 GMT', 0],
  ])('with %i is obeyed: %j', async (status, retryAfter, waitMs) => {
    const clock = createTestClock(nowMs);
    const live = await startLive(
      { faultEverywhere: toStatus(status, retryAfter), failFirst: 1, listings: { [KEY]: 'Malicious: Pony' } },
      { retries: 2, clock },
    );
    expect(await live.ask(KEY)).toEqual(listed('Pony'));
    expect(clock.waits).toEqual([waitMs]);
  });

  test.each([tooLong, new Date(nowMs + tooLong * 1000).toUTCString()])(
    `of more than ${maxSeconds} s fails at once: %j`,
    async (retryAfter) => {
      const clock = createTestClock(nowMs);
      const live = await startLive({ faultEverywhere: toStatus(429, retryAfter) }, { retries: 2, clock });
      expect(await live.ask(KEY)).toEqual(failed('throttled', 'too many requests', `${TOO_MANY} (retry after ${tooLong} s)`));
      expect([live.fake.lookups().length, clock.waits]).toEqual([1, []]);
    },
  );

  test('past the deadline fails at once', async () => {
    const clock = createTestClock(nowMs);
    const live = await startLive({ faultEverywhere: toStatus(429, 10) }, { retries: 2, clock });
    const told = await live.ask(KEY, { ...patient, deadlineAtMs: nowMs + 9_999 });
    expect(told).toEqual(failed('throttled', 'too many requests', `${TOO_MANY} (retry after 10 s)`));
    expect([live.fake.lookups().length, clock.waits]).toEqual([1, []]);
  });

  test('that is neither seconds nor a date leaves the wait to us', async () => {
    const clock = createTestClock(nowMs);
    const live = await startLive({ faultEverywhere: toStatus(429, '-5') }, { retries: 1, clock });
    expect(await live.ask(KEY)).toEqual(failed('throttled', 'too many requests', TOO_MANY));
    expect(clock.waits).toEqual([187.5]);
  });
});
