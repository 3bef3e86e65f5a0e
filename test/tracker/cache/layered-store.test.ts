import { expect, test } from 'vitest';
import type { Answer } from '../../../src/core/tracker.ts';
import type { AnswerStore } from '../../../src/tracker/cache/remembering.ts';
import { createLayeredStore } from '../../../src/tracker/cache/layered-store.ts';
import { createMemoryStore } from '../../../src/tracker/cache/memory-store.ts';
import { toListed, unlisted } from '../../core/samples.ts';
import { describeStoreContract } from './store-contract.ts';

const freshness = { ttlMs: 1000, now: () => new Date(unlisted.answeredAt.getTime() + 500) };
const old: Answer = { ...unlisted, answeredAt: new Date(unlisted.answeredAt.getTime() - 1000) };

/** Memory over a store that answers later, as a server does. */
function createLayers() {
  const memory = createMemoryStore();
  const below = createMemoryStore();
  let isClosed = false;
  const shared: AnswerStore = {
    get: (key) => Promise.resolve(below.get(key)),
    set: async (key, answer) => {
      await Promise.resolve();
      below.set(key, answer);
    },
    close: () => void (isClosed = true),
  };
  return { memory, below, store: createLayeredStore(memory, shared, freshness), isClosed: () => isClosed };
}

describeStoreContract('memory over another store', () => createLayers().store);

test('what is kept is kept in both', async () => {
  const { memory, below, store } = createLayers();
  await store.set('a', unlisted);
  expect([memory.get('a'), below.get('a')]).toStrictEqual([unlisted, unlisted]);
});

test('what memory has is given at once, and the other is not asked', () => {
  const { memory, below, store } = createLayers();
  memory.set('a', unlisted);
  below.set('a', toListed());
  expect(store.get('a')).toStrictEqual(unlisted);
});

test('what only the other has is given, and is in memory then', async () => {
  const { memory, below, store } = createLayers();
  below.set('a', toListed());
  expect(await store.get('a')).toStrictEqual(toListed());
  expect(memory.get('a')).toStrictEqual(toListed());
  expect(await store.get('b')).toBeUndefined();
});

test('what has grown old in memory does not hide a newer answer', async () => {
  const { memory, below, store } = createLayers();
  memory.set('a', old);
  below.set('a', toListed());
  expect(await store.get('a')).toStrictEqual(toListed());
});

test('the other need not be one that can be closed', () => {
  const store = createLayeredStore(createMemoryStore(), createMemoryStore(), freshness);
  expect(store.close?.()).toBeUndefined();
});

test('closing closes the other', async () => {
  const { store, isClosed } = createLayers();
  await store.close?.();
  expect(isClosed()).toBe(true);
});
