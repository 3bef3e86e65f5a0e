import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { CctError } from '../core/errors.ts';
import { userDirectory } from '../files/user-directories.ts';
import type { AnswerStore, ServerStore } from '../tracker/cache/answer-store.ts';
import { createConfirmedStore } from '../tracker/cache/answer-store.ts';
import type { Setup } from './setup.ts';

/** The cache directory from the settings, else the user's. */
export function resolveCacheDir({ config, io }: Pick<Setup, 'config' | 'io'>): string {
  return resolve(config.cacheDir ?? userDirectory('cache', io.env));
}

/**
 * Opens the cache of a run: the server of `--cache-url`, else the cache directory. A directory on the command line overrides a server in the
 * environment. `report` is called once per problem. Rejects with `usage` if both are given as flags.
 */
export async function openAnswerStore(setup: Setup, report: (note: string) => void): Promise<AnswerStore> {
  const { config, origins, io } = setup;
  const isDirectoryChosen = origins.cacheDir === 'flag';
  if (isDirectoryChosen && origins.cacheUrl === 'flag') {
    throw new CctError('usage', '--cache-dir and --cache-url cannot be used together: give only one');
  }
  // A run does not report that the server is reachable again.
  if (config.cacheUrl !== undefined && !isDirectoryChosen)
    return openRedis(setup, config.cacheUrl, { onProblem: report, onBack: () => undefined });
  const { openDiskStore } = await import('../tracker/cache/disk-store.ts');
  const dir = resolveCacheDir(setup);
  const store = openDiskStore({
    dir,
    apiUrl: config.apiUrl,
    unlistedMessage: config.unlistedMessage,
    now: () => io.now(),
    random: () => io.random(),
    newId: randomUUID,
    userId: io.userId,
    onTrouble: (reason) => report(`the cache ${dir} cannot be used: ${reason}; continuing without it`),
  });
  return createConfirmedStore(store);
}

export interface RedisListeners {
  readonly onProblem: (text: string) => void;
  readonly onBack: (text: string) => void;
}

/** Opens the cache on a server, connecting in the background. Loads the Redis client only here. */
export async function openRedis(
  { config, io }: Pick<Setup, 'config' | 'io'>,
  url: string,
  { onProblem, onBack }: RedisListeners,
): Promise<ServerStore> {
  const { openRedisStore } = await import('../tracker/cache/redis-store.ts');
  const { protocol, host, pathname } = new URL(url);
  // Without user and password.
  const shownUrl = `${protocol}//${host}${pathname}`;
  const store = openRedisStore({
    url,
    apiUrl: config.apiUrl,
    unlistedMessage: config.unlistedMessage,
    ttlMs: config.cacheTtlMs,
    now: () => io.now(),
    onAway: (reason) => onProblem(`cannot reach cache ${shownUrl}: ${reason}; continuing without it`),
    onBack: () => onBack(`the cache ${shownUrl} is reachable again`),
    onRefusal: (reason) => onProblem(`the cache ${shownUrl} refuses requests: ${reason}; continuing without it`),
  });
  return {
    ...createConfirmedStore(store),
    get isReachable() {
      return store.isReachable;
    },
  };
}
