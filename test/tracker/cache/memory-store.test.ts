import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Answer } from '../../../src/core/lookups/tracker.ts';
import { createMemoryStore } from '../../../src/tracker/cache/memory-store.ts';
import { describeStoreContract } from './store-contract.ts';

const MIB = 1024 ** 2;
const unlisted: Answer = { status: 'unlisted', source: 'live', answeredAt: new Date(0) };

function toListed(message: string): Extract<Answer, { status: 'listed' }> {
  return { ...unlisted, status: 'listed', message, family: '' };
}

/** The bytes in use after all garbage is collected. */
function measureHeldBytes(): number {
  setFlagsFromString('--expose-gc');
  // One round leaves what only the next can see.
  runInNewContext('gc(); gc(); gc()');
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Whether a store of this size has room for an answer. */
async function hasRoom(maxBytes: number, key: string, answer: Answer): Promise<boolean> {
  const store = createMemoryStore({ maxBytes });
  await store.set(key, answer);
  return (await store.get(key)) !== undefined;
}

describeStoreContract('memory', () => createMemoryStore());

test('the answer that was not used for longest is dropped when there are too many', async () => {
  const store = createMemoryStore({ maxEntries: 3 });
  for (const key of ['a', 'b', 'c']) await store.set(key, unlisted);
  await store.get('a');
  await store.set('d', unlisted);
  expect(await Promise.all(['a', 'b', 'c', 'd'].map((key) => store.get(key)))).toEqual([unlisted, undefined, unlisted, unlisted]);
});

test.each<[string, number, string, Answer]>([
  ['nothing more', 302, 'k', unlisted],
  ['a key', 502, 'k'.repeat(101), unlisted],
  ['a message', 502, 'k', toListed('m'.repeat(100))],
  ['a family', 502, 'k', { ...toListed(''), family: 'f'.repeat(100) }],
  ['a date', 322, 'k', { ...toListed(''), firstListed: '2024-02-29' }],
])('an answer counts with its texts: %s', async (_what, bytes, key, answer) => {
  expect([await hasRoom(bytes, key, answer), await hasRoom(bytes - 1, key, answer)]).toEqual([true, false]);
});

test('the memory in use is no more than the given size', async () => {
  const heldBefore = measureHeldBytes();
  const store = createMemoryStore({ maxBytes: 16 * MIB });
  for (let at = 0; at < 60_000; at += 1)
    await store.set(`host-${at}.example/gate.php`, { ...unlisted, answeredAt: new Date(at) });
  const heldBytes = measureHeldBytes() - heldBefore;
  expect(await store.get('host-30000.example/gate.php')).toBeDefined();
  expect(heldBytes).toBeLessThan(16 * MIB);
});

test.each([
  [8192, unlisted],
  [8193, undefined],
])('of a key of %i characters is stored: %o', async (length, kept) => {
  const store = createMemoryStore();
  await store.set('k'.repeat(length), unlisted);
  expect(await store.get('k'.repeat(length))).toEqual(kept);
});

test('the long texts that keys and messages were cut from are not held', async () => {
  const store = createMemoryStore();
  const heldBefore = measureHeldBytes();
  for (let at = 0; at < 100; at += 1) {
    const padded = `${at}.example/gate.php`.padStart(MIB).padEnd(MIB + 1);
    await store.set(padded.trim(), toListed(`${at} Malicious: ${'A'.repeat(MIB)}`.slice(0, 1024)));
  }
  const heldBytes = measureHeldBytes() - heldBefore;
  expect(await store.get('0.example/gate.php')).toBeDefined();
  expect(heldBytes / MIB).toBeLessThan(20);
});
