import { startRespServer } from '../../helpers/resp-server.ts';
import { describeRedisAway } from './describe-redis-away.ts';
import { describeRedisStore } from './describe-redis-store.ts';

describeRedisStore(startRespServer);
describeRedisAway(startRespServer);
