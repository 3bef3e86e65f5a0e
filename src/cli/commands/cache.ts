import { toSafeJson } from '../../core/safe-text.ts';
import { clearCache, takeInventory } from '../../tracker/cache/cache-directory.ts';
import { isFresh } from '../../tracker/cache/freshness.ts';
import { resolveCacheDir } from '../../wiring/open-answer-store.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';

/** `cct cache info`: where the cache folder is and what it holds. Resolves to the exit status. */
export async function runCacheInfo(session: Session): Promise<number> {
  const { config, io } = session;
  const path = resolveCacheDir(session);
  const freshness = { ttlMs: config.cacheTtlMs, now: () => io.now() };
  const { oldest, newest, ...counts } = await takeInventory(path, (answeredAt) => isFresh(answeredAt, freshness));
  return print(session, { path, ...counts, oldest: oldest ?? null, newest: newest ?? null });
}

/** `cct cache clear`: removes all entries of the cache folder and nothing else, and says how many. Resolves to the exit status. */
export async function runCacheClear(session: Session): Promise<number> {
  const path = resolveCacheDir(session);
  const removed = await clearCache(path);
  return print(session, { path, removed });
}

async function print({ stdout }: Session, facts: unknown): Promise<number> {
  return (await stdout.write(`${toSafeJson(facts, 2)}\n`)) ? 0 : CLOSED_PIPE_STATUS;
}
