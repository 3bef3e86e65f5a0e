import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { CctError } from '../core/errors.ts';
import { cacheDir } from '../files/user-directories.ts';
import type { AnswerStore } from '../tracker/cache/answer-store.ts';
import { createConfirmedStore } from '../tracker/cache/answer-store.ts';
import type { Setup } from './setup.ts';

/** The cache folder: the one that was named, else the user's. */
export function resolveCacheDir({ config, io }: Pick<Setup, 'config' | 'io'>): string {
  return resolve(config.cacheDir ?? cacheDir(io.env));
}

/**
 * Opens where the answers of a run are kept: on the server of `--cache-url`, else in the cache folder. A folder named on the command line
 * stands over a server named in the environment. `tell` takes what hinders it, once. Rejects with `usage` when both are flags.
 */
export async function openAnswerStore(setup: Setup, tell: (note: string) => void): Promise<AnswerStore> {
  const { config, origins, io } = setup;
  const isFolderChosen = origins.cacheDir === 'flag';
  if (isFolderChosen && origins.cacheUrl === 'flag') {
    throw new CctError('usage', '--cache-dir and --cache-url exclude each other: give only one');
  }
  // A run is too short for a server that is back to be worth a line.
  if (config.cacheUrl !== undefined && !isFolderChosen)
    return openRedis(setup, config.cacheUrl, { onProblem: tell, onBack: () => undefined });
  const { openDiskStore } = await import('../tracker/cache/disk-store.ts');
  const dir = resolveCacheDir(setup);
  const store = openDiskStore({
    dir,
    apiUrl: config.apiUrl,
    unlistedMessage: config.unlistedMessage,
    now: () => io.now(),
    random: () => io.random(),
    newId: randomUUID,
    onTrouble: (reason) => tell(`the cache ${dir} cannot be used: ${reason}; continuing without it`),
  });
  return createConfirmedStore(store);
}

export interface RedisListeners {
  readonly onProblem: (text: string) => void;
  readonly onBack: (text: string) => void;
}

/** Opens a server that keeps answers, in the background. Its code is loaded for nobody else. */
export async function openRedis(
  { config, io }: Pick<Setup, 'config' | 'io'>,
  url: string,
  { onProblem, onBack }: RedisListeners,
): Promise<AnswerStore> {
  const { openRedisStore } = await import('../tracker/cache/redis-store.ts');
  const { protocol, host, pathname } = new URL(url);
  // Neither user nor password is for a log.
  const place = `${protocol}//${host}${pathname}`;
  const store = openRedisStore({
    url,
    apiUrl: config.apiUrl,
    unlistedMessage: config.unlistedMessage,
    ttlMs: config.cacheTtlMs,
    now: () => io.now(),
    onAway: (reason) => onProblem(`cannot reach cache ${place}: ${reason}; continuing without it`),
    onBack: () => onBack(`the cache ${place} is reachable again`),
    onRefusal: (reason) => onProblem(`the cache ${place} refuses requests: ${reason}; continuing without it`),
  });
  return createConfirmedStore(store);
}
