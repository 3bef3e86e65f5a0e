import { startRedis } from '../../helpers/redis-server.ts';
import { describeRedisAway } from './describe-redis-away.ts';
import { describeRedisStore } from './describe-redis-store.ts';

describeRedisStore(startRedis);
describeRedisAway(startRedis);
