import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { listenOnLoopback } from '../helpers/loopback-server.ts';
import { startRespServer } from '../helpers/resp-server.ts';
import { openTempDir, runMain } from '../helpers/run-cct.ts';
import { listFiles } from '../tracker/cache/cache-files.ts';
import { describeRedisCache } from './describe-redis-cache.ts';
import { asking, openTracker } from './live.ts';

const PANEL = { type: 'ip', value: '198.51.100.60' };

describeRedisCache(startRespServer);

describe('a run with --cache-url', () => {
  test('and --no-cache makes no connection, nor does a snapshot, nor health', async () => {
    const tracker = await openTracker();
    const server = await listenOnLoopback(createServer());
    const flags = ['--cache-url', `redis://127.0.0.1:${server.port}`, '--ip', PANEL.value];
    const runs = [
      await runMain(['observe', ...asking(tracker), ...flags, '--no-cache']),
      await runMain(['observe', ...flags, '--snapshot', 'sample']),
      await runMain(['health', ...asking(tracker)], { env: { CCT_CACHE_URL: flags[1] ?? '' } }),
    ];
    expect([runs.map(({ status }) => status), server.connections]).toEqual([[0, 0, 0], 0]);
    await server.close();
  });

  test('in a variable gives way to a directory on the command line', async () => {
    const tracker = await openTracker();
    const dir = openTempDir();
    const args = ['observe', ...asking(tracker), '--ip', PANEL.value, '--cache-dir', dir];
    const { stderr } = await runMain(args, { env: { CCT_CACHE_URL: 'redis://127.0.0.1:1' } });
    expect([listFiles(dir).length, stderr.includes('redis')]).toEqual([1, false]);
  });
});
