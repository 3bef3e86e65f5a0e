import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import type { Answer, Source, Tracker } from '../../../src/core/tracker.ts';
import type { AnswerStore, RememberingOptions } from '../../../src/tracker/cache/remembering.ts';
import { createRememberingTracker } from '../../../src/tracker/cache/remembering.ts';
import { createMemoryStore } from '../../../src/tracker/cache/memory-store.ts';
import { createConnection, createDeferred, createTracker, patient, toListed, toQuestion, unlisted } from '../../core/samples.ts';

const HOUR_MS = 3_600_000;
const NOW = new Date('2026-03-02T00:00:00.000Z');
const question = toQuestion('a');

/** An answer that is so old now. */
function toAged(ageMs: number, changes: { source?: Source } = {}): Answer {
  return { ...toListed(), answeredAt: new Date(NOW.getTime() - ageMs), ...changes };
}

/** A tracker that remembers for an hour, over one that answers `answer`, and how often it hit and missed. */
function createRemembering(options: Partial<RememberingOptions> = {}, answer: Answer = toAged(0, { source: 'live' })) {
  const inner = createTracker(() => Promise.resolve(answer));
  const store = options.store ?? createMemoryStore();
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
  return { tracker, inner, store, counts };
}

const fail = () => Promise.reject(new Error('broken'));
const nothing = { get: () => undefined, set: () => undefined };

/** A store that fails in both ways. */
const brokenStores: [string, AnswerStore][] = [
  [
    'throws',
    {
      get: () => {
        throw new Error('broken');
      },
      set: () => {
        throw new Error('broken');
      },
    },
  ],
  ['rejects', { get: () => fail(), set: () => fail() }],
];

describe('an answer', () => {
  test('is asked for once, and then given again with its own moment, as from the cache', async () => {
    const { tracker, inner, counts } = createRemembering({}, toAged(1000));
    const given = [await tracker.lookup(question, patient), await tracker.lookup(question, patient)];
    expect(given).toStrictEqual([toAged(1000), toAged(1000, { source: 'cache' })]);
    expect([inner.asked.length, counts]).toEqual([1, { hits: 1, misses: 1 }]);
  });

  test('that is negative is remembered too', async () => {
    const { tracker, inner } = createRemembering({}, { ...unlisted, answeredAt: NOW });
    await tracker.lookup(question, patient);
    expect(await tracker.lookup(question, patient)).toStrictEqual({ status: 'unlisted', source: 'cache', answeredAt: NOW });
    expect(inner.asked.length).toBe(1);
  });

  test('is told as from the cache whatever the store says of it', async () => {
    const { tracker, store } = createRemembering();
    await store.set(toQuestion('a').key, toAged(5, { source: 'live' }));
    expect(await tracker.lookup(question, patient)).toStrictEqual(toAged(5, { source: 'cache' }));
  });

  test.each([
    ['as old as it may be', HOUR_MS - 1, 'cache'],
    ['too old', HOUR_MS, 'live'],
    ['from a minute ahead', -60_000, 'cache'],
    ['from further ahead', -60_001, 'live'],
    ['from no moment at all', NaN, 'live'],
  ] as const)('that is %s comes from: %#', async (_what, ageMs, source) => {
    const { tracker, store } = createRemembering();
    await store.set(question.key, toAged(ageMs));
    expect(await tracker.lookup(question, patient)).toMatchObject({ source });
  });

  test('that was too old is replaced', async () => {
    const { tracker, inner, store } = createRemembering();
    await store.set(question.key, toAged(HOUR_MS));
    await tracker.lookup(question, patient);
    expect(await tracker.lookup(question, patient)).toStrictEqual(toAged(0, { source: 'cache' }));
    expect(inner.asked.length).toBe(1);
  });

  test('is remembered by what the inner tracker takes for the same question', async () => {
    const inner: Tracker = { ...createTracker(() => Promise.resolve(toAged(0))), identify: ({ type }) => type };
    const { store } = createRemembering();
    const tracker = createRememberingTracker(inner, { store, ttlMs: HOUR_MS, refresh: false, now: () => NOW });
    await tracker.lookup(question, patient);
    expect(await tracker.lookup(toQuestion('b'), patient)).toMatchObject({ source: 'cache' });
    expect(await tracker.lookup({ type: 'ip', key: question.key }, patient)).toMatchObject({ source: 'live' });
    expect(tracker.identify(question)).toBe('url');
  });

  test('of a snapshot is not remembered: it has a date of its own', async () => {
    const { tracker, inner } = createRemembering({}, toAged(0, { source: 'snapshot' }));
    const given = [await tracker.lookup(question, patient), await tracker.lookup(question, patient)];
    expect(given.map(({ source }) => source)).toEqual(['snapshot', 'snapshot']);
    expect(inner.asked.length).toBe(2);
  });
});

describe('a tracker that remembers', () => {
  test('gives nothing to a caller who does not wait, though it is remembered', async () => {
    const { tracker, store } = createRemembering();
    await store.set(question.key, toAged(5));
    const reason = new CctError('deadline', 'Too late');
    await expect(tracker.lookup(question, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('gives what is as it should be without a copy', async () => {
    const kept = toAged(5, { source: 'cache' });
    const { tracker } = createRemembering({ store: { ...nothing, get: () => kept } });
    expect(await tracker.lookup(question, patient)).toBe(kept);
  });

  test.each([true, false])('pings the inner one, and closes both, where the store can be closed: %s', async (canClose) => {
    const calls: string[] = [];
    const inner: Tracker = {
      ...createTracker(() => unlisted),
      ping: () => Promise.resolve(void calls.push('ping')),
      close: () => void calls.push('close'),
    };
    const store: AnswerStore = { ...nothing };
    if (canClose) store.close = () => void calls.push('close the store');
    const tracker = createRememberingTracker(inner, { store, ttlMs: HOUR_MS, refresh: false, now: () => NOW });
    await tracker.ping(patient);
    await tracker.close();
    expect(calls).toEqual(['ping', ...(canClose ? ['close the store'] : []), 'close']);
  });
});

describe('a failure', () => {
  test('is never remembered', async () => {
    const failure = new CctError('unavailable', 'Down');
    let asked = 0;
    const inner = createTracker(() => ((asked += 1) === 1 ? Promise.reject(failure) : Promise.resolve(toAged(0))));
    const tracker = createRememberingTracker(inner, {
      store: createMemoryStore(),
      ttlMs: HOUR_MS,
      refresh: false,
      now: () => NOW,
    });
    await expect(tracker.lookup(question, patient)).rejects.toBe(failure);
    expect(await tracker.lookup(question, patient)).toMatchObject({ source: 'live' });
  });
});

describe('with refresh', () => {
  test('nothing is read and everything is written', async () => {
    const { tracker, inner, store, counts } = createRemembering({ refresh: true });
    await store.set(question.key, toAged(5));
    const given = [await tracker.lookup(question, patient), await tracker.lookup(question, patient)];
    expect(given).toStrictEqual([toAged(0), toAged(0)]);
    expect(await store.get(question.key)).toStrictEqual(toAged(0, { source: 'cache' }));
    expect([inner.asked.length, counts]).toEqual([2, { hits: 0, misses: 2 }]);
  });
});

describe('a store', () => {
  test.each(brokenStores)('that %s is a miss, and costs no lookup', async (_how, store) => {
    const { tracker, counts } = createRemembering({ store });
    expect(await tracker.lookup(question, patient)).toStrictEqual(toAged(0));
    expect(counts).toEqual({ hits: 0, misses: 1 });
  });

  test('that takes its time is waited for', async () => {
    const found = createDeferred<Answer | undefined>();
    const { tracker } = createRemembering({ store: { ...nothing, get: () => found.promise } });
    const given = tracker.lookup(question, patient);
    found.resolve(toAged(5));
    expect(await given).toStrictEqual(toAged(5, { source: 'cache' }));
  });

  test('that never answers is left with the signal, and nothing is asked', async () => {
    const { tracker, inner } = createRemembering({ store: { ...nothing, get: () => new Promise(() => undefined) } });
    const stop = new AbortController();
    const given = tracker.lookup(question, { signal: stop.signal });
    stop.abort(new CctError('deadline', 'Too late'));
    await expect(given).rejects.toMatchObject({ code: 'deadline', message: 'Too late' });
    expect(inner.asked).toEqual([]);
  });

  test('that never ends writing keeps nobody waiting', async () => {
    const { tracker } = createRemembering({ store: { ...nothing, set: () => new Promise(() => undefined) } });
    expect(await tracker.lookup(question, patient)).toStrictEqual(toAged(0));
  });
});

describe('an answer that may belong to another question', () => {
  const toLive = (connection = createConnection()) => ({ ...toAged(0), connection });

  test('is not stored', async () => {
    const connection = createConnection();
    connection.distrust();
    const { tracker, store } = createRemembering({}, toLive(connection));
    await tracker.lookup(question, patient);
    expect(await store.get(question.key)).toBeUndefined();
  });

  test('is a miss when that is found later', async () => {
    const connection = createConnection();
    const { tracker, inner } = createRemembering({}, toLive(connection));
    await tracker.lookup(question, patient);
    await tracker.lookup(question, patient);
    expect(inner.asked.length).toBe(1);
    connection.distrust();
    await tracker.lookup(question, patient);
    expect(inner.asked.length).toBe(2);
  });
});
