import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import type { Answer, Source, Tracker } from '../../../src/core/lookups/tracker.ts';
import type { AnswerStore } from '../../../src/tracker/cache/answer-store.ts';
import { createMemoryStore } from '../../../src/tracker/cache/memory-store.ts';
import type { RememberingOptions } from '../../../src/tracker/cache/remembering.ts';
import { createRememberingTracker } from '../../../src/tracker/cache/remembering.ts';
import { createConnection, createDeferred, createTracker, patient, toListed, toQuestion, unlisted } from '../../core/samples.ts';

const HOUR_MS = 3_600_000;
const NOW = new Date('2026-03-02T00:00:00.000Z');
const question = toQuestion('a');

/** An answer of this age. */
function toAged(ageMs: number, changes: { source?: Source } = {}): Answer {
  return { ...toListed(), answeredAt: new Date(NOW.getTime() - ageMs), ...changes };
}

interface RememberingParts extends Partial<RememberingOptions> {
  readonly inner?: Tracker;
}

/** A tracker that caches for an hour, over one that answers `answer`, and its hits and misses. */
function createRemembering(parts: RememberingParts = {}, answer: Answer = toAged(0, { source: 'live' })) {
  const asking = createTracker(() => Promise.resolve(answer));
  const { inner = asking, store = createMemoryStore(), ...options } = parts;
  const counts = { hits: 0, misses: 0 };
  const tracker = createRememberingTracker(inner, {
    store,
    ttlMs: HOUR_MS,
    refresh: false,
    now: () => NOW,
    onHit: () => (counts.hits += 1),
    onMiss: () => (counts.misses += 1),
    ...options,
  });
  const lookUp = (asked = question) => tracker.lookup(asked, patient);
  return { tracker, lookUp, asked: asking.asked, store, counts };
}

const nothing: AnswerStore = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

describe('an answer', () => {
  test.each<[string, Answer]>([
    ['a listing', toAged(1000)],
    ['what is not listed', { ...unlisted, answeredAt: NOW }],
  ])('is looked up once, and then comes from the cache with its own moment: %s', async (_which, answer) => {
    const { lookUp, asked, counts } = createRemembering({}, answer);
    expect([await lookUp(), await lookUp()]).toStrictEqual([answer, { ...answer, source: 'cache' }]);
    expect([asked.length, counts]).toEqual([1, { hits: 1, misses: 1 }]);
  });

  test.each([
    ['as old as it may be', HOUR_MS - 1, 'cache'],
    ['too old', HOUR_MS, 'live'],
    ['from a minute ahead', -60_000, 'cache'],
    ['from further ahead', -60_001, 'live'],
    ['from no moment at all', NaN, 'live'],
  ] as const)('that is %s comes from: %#', async (_what, ageMs, source) => {
    const { lookUp, store } = createRemembering();
    await store.set(question.key, toAged(ageMs));
    expect(await lookUp()).toMatchObject({ source });
  });

  test('that was too old is replaced', async () => {
    const { lookUp, asked, store } = createRemembering();
    await store.set(question.key, toAged(HOUR_MS));
    await lookUp();
    expect(await lookUp()).toStrictEqual(toAged(0, { source: 'cache' }));
    expect(asked.length).toBe(1);
  });

  test("is stored by the inner tracker's identity of its question", async () => {
    const inner: Tracker = { ...createTracker(() => Promise.resolve(toAged(0))), identify: ({ type }) => type };
    const { tracker, lookUp } = createRemembering({ inner });
    await lookUp();
    expect(await lookUp(toQuestion('b'))).toMatchObject({ source: 'cache' });
    expect(await lookUp({ type: 'ip', key: question.key })).toMatchObject({ source: 'live' });
    expect(tracker.identify(question)).toBe('url');
  });

  test('of a snapshot is not stored: it has a date of its own', async () => {
    const { lookUp, asked } = createRemembering({}, toAged(0, { source: 'snapshot' }));
    expect([await lookUp(), await lookUp()].map(({ source }) => source)).toEqual(['snapshot', 'snapshot']);
    expect(asked.length).toBe(2);
  });
});

test('a caller who has left gets no cached answer', async () => {
  const { tracker, store } = createRemembering();
  await store.set(question.key, toAged(5));
  const reason = new CctError('deadline', 'Too late');
  await expect(tracker.lookup(question, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('ping goes to the inner tracker, and close closes the store first', async () => {
  const calls: string[] = [];
  const inner: Tracker = {
    ...createTracker(() => Promise.resolve(unlisted)),
    ping: () => Promise.resolve(void calls.push('ping')),
    close: () => void calls.push('close'),
  };
  const store: AnswerStore = { ...nothing, close: () => Promise.resolve(void calls.push('close the store')) };
  const { tracker } = createRemembering({ inner, store });
  await tracker.ping(patient);
  await tracker.close();
  expect(calls).toEqual(['ping', 'close the store', 'close']);
});

test('a failure is not stored', async () => {
  const failure = new CctError('unavailable', 'Down');
  let asked = 0;
  const inner = createTracker(() => ((asked += 1) === 1 ? Promise.reject(failure) : Promise.resolve(toAged(0))));
  const { lookUp } = createRemembering({ inner });
  await expect(lookUp()).rejects.toBe(failure);
  expect(await lookUp()).toMatchObject({ source: 'live' });
});

test('with refresh nothing is read and everything is stored', async () => {
  const fresh = toAged(0);
  const { lookUp, asked, store, counts } = createRemembering({ refresh: true }, fresh);
  await store.set(question.key, toAged(5));
  expect([await lookUp(), await lookUp(), await store.get(question.key)]).toStrictEqual([fresh, fresh, fresh]);
  expect([asked.length, counts]).toEqual([2, { hits: 0, misses: 2 }]);
});

describe('a store', () => {
  test('that rejects is a miss, and costs no lookup', async () => {
    const fail = () => Promise.reject(new Error('broken'));
    const { lookUp, counts } = createRemembering({ store: { ...nothing, get: fail, set: fail } });
    expect([await lookUp(), counts]).toStrictEqual([toAged(0), { hits: 0, misses: 1 }]);
  });

  test('that takes its time is waited for', async () => {
    const found = createDeferred<Answer | undefined>();
    const { lookUp } = createRemembering({ store: { ...nothing, get: () => found.promise } });
    const answer = lookUp();
    found.resolve(toAged(5));
    expect(await answer).toStrictEqual(toAged(5, { source: 'cache' }));
  });

  test.each([undefined, toAged(5)])('that has %o when the caller has left is followed by no lookup', async (found) => {
    const { promise, resolve } = createDeferred<Answer | undefined>();
    const { tracker, asked, counts } = createRemembering({ store: { ...nothing, get: () => promise } });
    const stop = new AbortController();
    const answer = tracker.lookup(question, { signal: stop.signal });
    const reason = new CctError('deadline', 'Too late');
    stop.abort(reason);
    resolve(found);
    await expect(answer).rejects.toBe(reason);
    expect([asked, counts]).toEqual([[], { hits: 0, misses: 0 }]);
  });

  test('that never ends writing delays nothing', async () => {
    const { lookUp } = createRemembering({ store: { ...nothing, set: () => new Promise(() => undefined) } });
    expect(await lookUp()).toStrictEqual(toAged(0));
  });
});

describe('an answer that may belong to another question', () => {
  test('is not stored', async () => {
    const connection = createConnection();
    connection.distrust();
    const { lookUp, store } = createRemembering({}, { ...toAged(0), connection });
    await lookUp();
    expect(await store.get(question.key)).toBeUndefined();
  });

  test('is a miss when that is found later', async () => {
    const connection = createConnection();
    const { lookUp, asked } = createRemembering({}, { ...toAged(0), connection });
    await lookUp();
    await lookUp();
    expect(asked.length).toBe(1);
    connection.distrust();
    await lookUp();
    expect(asked.length).toBe(2);
  });
});
