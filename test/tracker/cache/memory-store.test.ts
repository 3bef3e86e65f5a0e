import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Answer } from '../../../src/core/tracker.ts';
import type { MemoryStoreOptions } from '../../../src/tracker/cache/memory-store.ts';
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

/** A store of answers, and which of them it still has. */
async function fill(options: MemoryStoreOptions, answers: Iterable<readonly [key: string, answer: Answer]>) {
  const store = createMemoryStore(options);
  const keys: string[] = [];
  for (const [key, answer] of answers) {
    keys.push(key);
    await store.set(key, answer);
  }
  const findKept = async () => {
    const kept = [];
    for (const key of keys) if (await store.get(key)) kept.push(key);
    return kept;
  };
  return { store, findKept };
}

describeStoreContract('memory', () => createMemoryStore());

test('the answer that was not used for longest is dropped when there are too many', async () => {
  const { store, findKept } = await fill(
    { maxEntries: 3 },
    ['a', 'b', 'c'].map((key) => [key, unlisted]),
  );
  await store.get('a');
  await store.set('d', unlisted);
  expect([await findKept(), await store.get('d')]).toEqual([['a', 'c'], unlisted]);
});

test('answers take no more than the given size', async () => {
  const answers = Array.from({ length: 10_000 }, (_, at) => [`${at}.example`, toListed('A'.repeat(1000))] as const);
  const { findKept } = await fill({ maxBytes: MIB }, answers);
  const kept = await findKept();
  expect(kept.length).toBeGreaterThan(300);
  expect(kept.length * 2000).toBeLessThan(MIB);
  expect(kept.at(-1)).toBe('9999.example');
});

test.each<[string, string, Answer]>([
  ['keys', 'k'.repeat(101), unlisted],
  ['messages', 'k', toListed('m'.repeat(100))],
  ['families', 'k', { ...toListed(''), family: 'f'.repeat(100) }],
  ['dates', 'k', { ...toListed(''), firstListed: '2024-02-29' }],
])('%s count for the size', async (_what, key, answer) => {
  const smallest = await fill({ maxBytes: 302 }, [['k', unlisted]]);
  const larger = await fill({ maxBytes: 302 + (answer.status === 'listed' && answer.firstListed ? 19 : 199) }, [[key, answer]]);
  expect([await smallest.findKept(), await larger.findKept()]).toEqual([['k'], []]);
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
  const { store } = await fill({}, [['k'.repeat(length), unlisted]]);
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
