import { clearCache, takeInventory } from '../tracker/cache/cache-directory.ts';
import { isFresh } from '../tracker/cache/answer-store.ts';
import { resolveCacheDir } from './open-answer-store.ts';
import type { Setup } from './setup.ts';

/** The path, number, size in bytes and age of cached answers, as `cache info` prints them. Rejects with `input`. */
export async function describeCache(setup: Pick<Setup, 'config' | 'io'>) {
  const path = resolveCacheDir(setup);
  const freshness = { ttlMs: setup.config.cacheTtlMs, now: () => setup.io.now() };
  const { oldest = null, newest = null, ...counts } = await takeInventory(path, (answeredAt) => isFresh(answeredAt, freshness));
  return { path, ...counts, oldest, newest };
}

/** Deletes all cached answers, and no other files. Resolves to their path and number. Rejects with `output`. */
export async function deleteCachedAnswers(setup: Pick<Setup, 'config' | 'io'>) {
  const path = resolveCacheDir(setup);
  return { path, removed: await clearCache(path) };
}
