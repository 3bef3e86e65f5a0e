import { expect, test } from 'vitest';
import { toRedisKey } from '../../../src/tracker/cache/redis-store.ts';
import type { AnswerPlace } from '../../../src/tracker/cache/stored-answer.ts';
import { writeStoredAnswer } from '../../../src/tracker/cache/stored-answer.ts';
import { ANSWERED_AT, ORIGIN, toListed, unlisted } from '../../core/samples.ts';
import type { RedisServer, StartRedis } from '../../helpers/redis-server.ts';
import { describeStoreContract } from './store-contract.ts';
import { HOUR_MS, KEY, openServed, openRedis } from './open-stores.ts';

/** What the store does with a server that answers. */
export function describeRedisStore(start: StartRedis): void {
  // The contract's answers are old, and this store keeps none that are expired.
  describeStoreContract('a Redis store', async () => openRedis((await start()).url, { ttlMs: 100 * 365 * 24 * HOUR_MS }).store);

  const name = toRedisKey({ ...ORIGIN, key: KEY });

  test('an answer has a key that does not show what was looked up, and expires in time', async () => {
    const { server, store } = await openServed(start);
    await store.set(KEY, { ...unlisted, answeredAt: new Date(ANSWERED_AT.getTime() - 60_000) });
    expect(name).toMatch(/^cct:2:[0-9a-f]{64}$/);
    expect(server.command('KEYS', '*')).toBe(name);
    const leftMs = Number(server.command('PTTL', name));
    expect(leftMs).toBeLessThanOrEqual(HOUR_MS - 60_000);
    expect(leftMs).toBeGreaterThan(HOUR_MS - 120_000);
  });

  test('an answer that is too old or too long is not stored', async () => {
    const { server, store, said } = await openServed(start);
    await store.set(KEY, { ...unlisted, answeredAt: new Date(ANSWERED_AT.getTime() - HOUR_MS) });
    await store.set('k'.repeat(70_000), unlisted);
    expect([server.command('DBSIZE'), said]).toEqual(['0', []]);
  });

  test('an answer is shared for the same tracker and database only', async () => {
    const { server, store } = await openServed(start);
    await store.set(KEY, toListed());
    expect(await openRedis(server.url).store.get(KEY)).toStrictEqual(toListed());
    expect(await openRedis(server.url, { apiUrl: 'https://other.example/' }).store.get(KEY)).toBeUndefined();
    expect(await openRedis(server.url, { unlistedMessage: 'Other' }).store.get(KEY)).toBeUndefined();
    expect(await openRedis(`${server.url}/1`).store.get(KEY)).toBeUndefined();
  });

  const write = (change: Partial<AnswerPlace>) => writeStoredAnswer({ ...ORIGIN, key: KEY, ...change, answer: unlisted });
  const wrongType = 'refused: WRONGTYPE Operation against a key holding the wrong kind of value';

  test.each<[string, string[], (server: RedisServer) => void]>([
    ['it is no JSON', [], ({ command }) => void command('SET', name, '{')],
    ['it is empty', [], ({ command }) => void command('SET', name, '')],
    ['it is of another key', [], ({ command }) => void command('SET', name, write({ key: 'other.example' }))],
    ['it is of another tracker', [], ({ command }) => void command('SET', name, write({ apiUrl: 'https://other.example/' }))],
    ['it was understood otherwise', [], ({ command }) => void command('SET', name, write({ unlistedMessage: 'Other' }))],
    ['more stands behind it', [], ({ command }) => void command('APPEND', name, 'x')],
    ['it is 100 megabytes', [], ({ command }) => void command('SETRANGE', name, String(100 * 1024 ** 2), 'x')],
    [
      'it is no text, which is reported once',
      [wrongType],
      ({ command }) => void (command('DEL', name), command('RPUSH', name, 'x')),
    ],
  ])('an entry is a miss when %s', async (_what, reported, tamper) => {
    const { server, store, said } = await openServed(start);
    await store.set(KEY, unlisted);
    expect(await store.get(KEY)).toStrictEqual(unlisted);
    tamper(server);
    expect([await store.get(KEY), await store.get(KEY), said]).toEqual([undefined, undefined, reported]);
  });

  test('a server that is full is reported once, and what it holds is still used', async () => {
    const { server, store, said } = await openServed(start);
    await store.set(KEY, unlisted);
    server.command('CONFIG', 'SET', 'maxmemory', '1');
    await store.set('b.example', unlisted);
    await store.set('c.example', unlisted);
    expect([await store.get(KEY), await store.get('b.example')]).toStrictEqual([unlisted, undefined]);
    expect(said).toEqual(["refused: OOM command not allowed when used memory > 'maxmemory'."]);
  });

  test('closing waits for what is being written', async () => {
    const { server, store } = await openServed(start);
    for (let at = 0; at < 500; at += 1) void store.set(`${at}.example`, unlisted);
    await store.close();
    expect(server.command('DBSIZE')).toBe('500');
  });
}
