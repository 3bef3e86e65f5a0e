import { onTestFinished } from 'vitest';
import type { RedisServer, RedisServerOptions } from './redis-process.ts';
import { launchRedis } from './redis-process.ts';

export type { RedisServer } from './redis-process.ts';

/** Starts a server that ends with the test: Redis, or that of `startRespServer`. */
export type StartRedis = (options?: Pick<RedisServerOptions, 'password' | 'tls'>) => Promise<RedisServer>;

/** Starts Redis until the test ends. Throws where it is not installed. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = await launchRedis(options);
  onTestFinished(() => server.close());
  return server;
}
