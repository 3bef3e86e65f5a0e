import { expect, test } from 'vitest';
import { createConfirmedStore } from '../../../src/tracker/cache/confirmed-store.ts';
import { createMemoryStore } from '../../../src/tracker/cache/memory-store.ts';
import type { OuterStore } from '../../../src/tracker/cache/remembering.ts';
import { createConnection, unlisted } from '../../core/samples.ts';
import { idle } from '../../helpers/idle.ts';
import { describeStoreContract } from './store-contract.ts';

/** A store that answers later, as a disk does, and whether it was closed. */
function createOuter() {
  const inner = createMemoryStore();
  let isClosed = false;
  const store: OuterStore = {
    get: (key) => Promise.resolve(inner.get(key)),
    set: async (key, answer) => {
      await idle();
      inner.set(key, answer);
    },
    close: () => Promise.resolve(void (isClosed = true)),
  };
  return { inner, store, isClosed: () => isClosed };
}

describeStoreContract('one that waits for connections', () => createConfirmedStore(createOuter().store));

test('an answer is stored when its connection has confirmed it', async () => {
  const { inner, store } = createOuter();
  const connection = createConnection();
  const confirmed = createConfirmedStore(store);
  const stored = confirmed.set('a.example', { ...unlisted, connection });
  await idle();
  expect(inner.get('a.example')).toBeUndefined();
  connection.confirm();
  await stored;
  expect(inner.get('a.example')).toMatchObject({ status: 'unlisted' });
});

test('an answer that may belong to another question is never stored', async () => {
  const { inner, store } = createOuter();
  const connection = createConnection();
  const confirmed = createConfirmedStore(store);
  const stored = confirmed.set('a.example', { ...unlisted, connection });
  connection.distrust();
  await stored;
  expect(inner.get('a.example')).toBeUndefined();
});

test('closing waits for what connections still confirm', async () => {
  const { inner, store, isClosed } = createOuter();
  const connection = createConnection();
  const confirmed = createConfirmedStore(store);
  void confirmed.set('a.example', { ...unlisted, connection });
  const closed = confirmed.close();
  await idle();
  expect(isClosed()).toBe(false);
  connection.confirm();
  await closed;
  expect([isClosed(), inner.get('a.example')]).toEqual([true, expect.objectContaining({ status: 'unlisted' })]);
});
