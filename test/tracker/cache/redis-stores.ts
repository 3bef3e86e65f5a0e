import { onTestFinished } from 'vitest';
import { createConfirmedStore } from '../../../src/tracker/cache/answer-store.ts';
import type { RedisStoreOptions } from '../../../src/tracker/cache/redis-store.ts';
import { openRedisStore } from '../../../src/tracker/cache/redis-store.ts';
import { ANSWERED_AT, ORIGIN } from '../../core/samples.ts';
import type { StartRedis } from '../../helpers/redis-server.ts';

/** An hour. */
export const HOUR_MS = 3_600_000;

/** A lookup key. */
export const KEY = 'panel.example/gate.php';

/** A store at a URL, and what it said. It is closed when the test ends. */
export function openStore(url: string, options: Partial<RedisStoreOptions> = {}) {
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
  // As in use: it waits for what is being written.
  const store = createConfirmedStore(opened);
  onTestFinished(() => store.close());
  return { store, said };
}

/** A store at a server of its own. */
export async function openServed(start: StartRedis) {
  const server = await start();
  return { server, ...openStore(server.url) };
}
