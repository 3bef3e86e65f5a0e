import { expect, test } from 'vitest';
import { unlisted } from '../../core/samples.ts';
import { startRedis } from '../../helpers/redis-server.ts';
import { waitUntil } from '../../helpers/serve.ts';
import { describeRedisAway } from './describe-redis-away.ts';
import { describeRedisStore } from './describe-redis-store.ts';
import { KEY, openServed } from './open-stores.ts';

describeRedisStore(startRedis);
describeRedisAway(startRedis);

test('a connection is kept while nothing is looked up', async () => {
  const { server, store, said } = await openServed(startRedis);
  await store.set(KEY, unlisted);
  // One ping a second, and silence is given up after two seconds.
  await waitUntil(() => Number(/cmdstat_ping:calls=(\d+)/.exec(server.command('INFO', 'commandstats'))?.[1]) > 3);
  expect([await store.get(KEY), said]).toEqual([unlisted, []]);
});
