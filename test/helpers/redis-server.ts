import { onTestFinished } from 'vitest';
import type { RedisServer, RedisServerOptions } from './redis-process.ts';
import { launchRedis } from './redis-process.ts';

export type { RedisServer } from './redis-process.ts';

/** Starts a server that ends with the test. Throws, and says how to get it, where it is not installed. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = await launchRedis(options);
  onTestFinished(() => server.close());
  return server;
}
