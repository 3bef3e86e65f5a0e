import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../src/core/tracker.ts';
import { createMemoryStore } from '../../../src/tracker/cache/memory-store.ts';
import { describeStoreContract } from './store-contract.ts';

const MIB = 1024 ** 2;
const unlisted: Answer = { status: 'unlisted', source: 'live', answeredAt: new Date(0) };

function toListed(message: string): Answer {
  return { ...unlisted, status: 'listed', message, family: '' };
}

/** What is in use once all is gone that nobody holds. */
function measureHeldBytes(): number {
  setFlagsFromString('--expose-gc');
  // One round leaves what only the next can see.
  runInNewContext('gc(); gc(); gc()');
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describeStoreContract('memory', () => createMemoryStore());

describe('a store in memory', () => {
  test('holds as many answers as it may, and forgets what was asked for longest ago', () => {
    const store = createMemoryStore({ maxEntries: 3 });
    for (const key of ['a', 'b', 'c']) store.set(key, unlisted);
    store.get('a');
    store.set('d', unlisted);
    expect(['a', 'b', 'c', 'd'].map((key) => store.get(key))).toEqual([unlisted, undefined, unlisted, unlisted]);
    expect(store.entries).toBe(3);
  });

  test('holds no more than its size', () => {
    const store = createMemoryStore({ maxBytes: MIB });
    for (let at = 0; at < 10_000; at += 1) store.set(`${at}.example`, toListed('A'.repeat(1000)));
    expect(store.bytes).toBeLessThanOrEqual(MIB);
    expect(store.entries).toBeGreaterThan(300);
    expect([store.get('0.example'), store.get('9999.example')]).toEqual([undefined, toListed('A'.repeat(1000))]);
  });

  test('counts keys, messages, families and dates', () => {
    const sizes = [
      ['k', unlisted],
      ['k'.repeat(101), unlisted],
      ['k', toListed('m'.repeat(100))],
      ['k', { ...toListed(''), family: 'f'.repeat(100) }],
      ['k', { ...toListed(''), firstListed: '2024-02-29' }],
    ] as const;
    const bytes = sizes.map(([key, answer]) => {
      const store = createMemoryStore();
      store.set(key, answer);
      return store.bytes;
    });
    const least = bytes[0] ?? NaN;
    expect(bytes.map((size) => size - least)).toEqual([0, 200, 200, 200, 20]);
  });

  test('takes no more than it says', () => {
    const heldBefore = measureHeldBytes();
    const store = createMemoryStore({ maxBytes: 16 * MIB });
    for (let at = 0; at < 60_000; at += 1) store.set(`host-${at}.example/gate.php`, { ...unlisted, answeredAt: new Date(at) });
    expect(store.entries).toBeGreaterThan(30_000);
    expect(measureHeldBytes() - heldBefore).toBeLessThan(store.bytes);
  });

  test.each([
    [8192, unlisted],
    [8193, undefined],
  ])('of a key of %i characters keeps: %o', (length, kept) => {
    const store = createMemoryStore();
    store.set('k'.repeat(length), unlisted);
    expect(store.get('k'.repeat(length))).toEqual(kept);
  });

  test('lets go of the long text that a key or a message was cut from', () => {
    const store = createMemoryStore();
    const heldBefore = measureHeldBytes();
    for (let at = 0; at < 100; at += 1) {
      const padded = `${at}.example/gate.php`.padStart(MIB).padEnd(MIB + 1);
      store.set(padded.trim(), toListed(`${at} Malicious: ${'A'.repeat(MIB)}`.slice(0, 1024)));
    }
    expect(store.entries).toBe(100);
    expect((measureHeldBytes() - heldBefore) / MIB).toBeLessThan(20);
  });
});
