import { onTestFinished } from 'vitest';
import type { RedisServer, RedisServerOptions } from './redis-process.ts';
import { launchRedis } from './redis-process.ts';

export type { RedisServer } from './redis-process.ts';

/** Starts a server that ends with the test: the real one, or the small one of `startRespServer`. */
export type StartRedis = (options?: Pick<RedisServerOptions, 'password' | 'tls'>) => Promise<RedisServer>;

/** Starts a server that ends with the test. Throws, and says how to get it, where it is not installed. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = await launchRedis(options);
  onTestFinished(() => server.close());
  return server;
}
