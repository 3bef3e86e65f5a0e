import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../src/core/lookups/tracker.ts';
import type { AnswerStore } from '../../../src/tracker/cache/answer-store.ts';
import { createConfirmedStore, createLayeredStore } from '../../../src/tracker/cache/answer-store.ts';
import { createMemoryStore } from '../../../src/tracker/cache/memory-store.ts';
import { createConnection, toListed, unlisted } from '../../core/samples.ts';
import { idle } from '../../helpers/idle.ts';
import { describeStoreContract } from './store-contract.ts';

const freshness = { ttlMs: 1000, now: () => new Date(unlisted.answeredAt.getTime() + 500) };
const old: Answer = { ...unlisted, answeredAt: new Date(unlisted.answeredAt.getTime() - 1000) };

/** A store that takes time, as a disk does, and whether it was closed. */
function createOuter() {
  const inner = createMemoryStore();
  let isClosed = false;
  const store: AnswerStore = {
    get: (key) => inner.get(key),
    set: async (key, answer) => {
      await idle();
      await inner.set(key, answer);
    },
    close: () => Promise.resolve(void (isClosed = true)),
  };
  return { inner, store, isClosed: () => isClosed };
}

function createLayers() {
  const memory = createMemoryStore();
  const { inner, store, isClosed } = createOuter();
  return { memory, shared: inner, store: createLayeredStore(memory, store, freshness), isClosed };
}

describeStoreContract('memory over another store', () => createLayers().store);
describeStoreContract('one that waits for connections', () => createConfirmedStore(createOuter().store));

describe('memory over another store', () => {
  test('stores in both', async () => {
    const { memory, shared, store } = createLayers();
    await store.set('a', unlisted);
    expect([await memory.get('a'), await shared.get('a')]).toStrictEqual([unlisted, unlisted]);
  });

  test.each<[string, Answer | undefined, Answer | undefined]>([
    ['what memory has', toListed(), unlisted],
    ['what only the other has', undefined, toListed()],
    ['what is newer than an expired answer in memory', old, toListed()],
    ['nothing where neither has it', undefined, undefined],
  ])('returns %s, and has it in memory then', async (_what, near, far) => {
    const { memory, shared, store } = createLayers();
    if (near) await memory.set('a', near);
    if (far) await shared.set('a', far);
    const expected = (near ?? far) ? toListed() : undefined;
    expect([await store.get('a'), await memory.get('a')]).toStrictEqual([expected, expected]);
  });

  test('closes the other', async () => {
    const { store, isClosed } = createLayers();
    await store.close();
    expect(isClosed()).toBe(true);
  });
});

describe('a store that waits for connections', () => {
  const openConfirmed = () => {
    const outer = createOuter();
    return { ...outer, connection: createConnection(), confirmed: createConfirmedStore(outer.store) };
  };

  test('has an answer when its connection has confirmed it', async () => {
    const { inner, connection, confirmed } = openConfirmed();
    const stored = confirmed.set('a.example', { ...unlisted, connection });
    await idle();
    expect(await inner.get('a.example')).toBeUndefined();
    connection.confirm();
    await stored;
    expect(await inner.get('a.example')).toMatchObject({ status: 'unlisted' });
  });

  test('never has an answer that may belong to another question', async () => {
    const { inner, connection, confirmed } = openConfirmed();
    const stored = confirmed.set('a.example', { ...unlisted, connection });
    connection.distrust();
    await stored;
    expect(await inner.get('a.example')).toBeUndefined();
  });

  test('waits, when it is closed, for what connections still confirm', async () => {
    const { inner, isClosed, connection, confirmed } = openConfirmed();
    void confirmed.set('a.example', { ...unlisted, connection });
    const closed = confirmed.close();
    await idle();
    expect(isClosed()).toBe(false);
    connection.confirm();
    await closed;
    expect([isClosed(), await inner.get('a.example')]).toEqual([true, expect.objectContaining({ status: 'unlisted' })]);
  });
});
