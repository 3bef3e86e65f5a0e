import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AnswerStore } from '../../../src/tracker/cache/answer-store.ts';
import { createConfirmedStore } from '../../../src/tracker/cache/answer-store.ts';
import { toEntryPath } from '../../../src/tracker/cache/cache-directory.ts';
import type { DiskStoreOptions } from '../../../src/tracker/cache/disk-store.ts';
import { openDiskStore } from '../../../src/tracker/cache/disk-store.ts';
import type { RedisStoreOptions } from '../../../src/tracker/cache/redis-store.ts';
import { openRedisStore } from '../../../src/tracker/cache/redis-store.ts';
import { ANSWERED_AT, ORIGIN, toListed } from '../../core/samples.ts';
import type { StartRedis } from '../../helpers/redis-server.ts';
import { openTempDir } from '../../helpers/run-cct.ts';

export const HOUR_MS = 3_600_000;

/** A lookup key. */
export const KEY = 'panel.example/gate.php';

/** The store as the program uses it: closing waits for writes. It closes with the test. */
function confirm(opened: AnswerStore): AnswerStore {
  const store = createConfirmedStore(opened);
  onTestFinished(() => store.close());
  return store;
}

/** A disk store in a directory of its own, or the given one, and the troubles that it reported. */
export function openDisk(options: Partial<DiskStoreOptions> = {}) {
  const { dir = join(openTempDir(), 'cct') } = options;
  const troubles: string[] = [];
  const opened = openDiskStore({
    dir,
    ...ORIGIN,
    now: () => new Date(),
    random: () => 0,
    newId: randomUUID,
    userId: process.geteuid?.(),
    onTrouble: (reason) => troubles.push(reason),
    ...options,
  });
  return { store: confirm(opened), dir, troubles, file: toEntryPath(dir, { ...ORIGIN, ...options, key: KEY }) };
}

/** The same with an answer in it. */
export async function openFilledDisk() {
  const opened = openDisk();
  await opened.store.set(KEY, toListed());
  return opened;
}

/** A Redis store at a URL, and what it reported. */
export function openRedis(url: string, options: Partial<RedisStoreOptions> = {}) {
  const said: string[] = [];
  const opened = openRedisStore({
    url,
    ...ORIGIN,
    ttlMs: HOUR_MS,
    now: () => ANSWERED_AT,
    onAway: (reason) => said.push(`away: ${reason}`),
    onBack: () => said.push('back'),
    onRefusal: (reason) => said.push(`refused: ${reason}`),
    ...options,
  });
  return { store: confirm(opened), said };
}

/** A Redis store on a server of its own. */
export async function openServed(start: StartRedis) {
  const server = await start();
  return { server, ...openRedis(server.url) };
}
