import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { caPath } from '../helpers/certificates.ts';
import { startRedis } from '../helpers/redis-server.ts';
import { readRows, spawnCct } from '../helpers/run-cct.ts';
import { describeRedisCache } from './describe-redis-cache.ts';
import { asking, openTracker } from './live.ts';

const PANEL = { type: 'ip', value: '198.51.100.60' };
const listings = { [PANEL.value]: 'Malicious: Pony' };
const listedRow = [`listed ip ${PANEL.value}`];

const certificate = (extension: string) =>
  fileURLToPath(new URL(`../helpers/certificates/localhost.${extension}`, import.meta.url));

describe('a run with --cache-url', () => {
  test('as it is installed, over TLS, ends at once and says nothing of it', async () => {
    const tracker = await openTracker({ listings });
    const redis = await startRedis({ tls: { keyFile: certificate('key'), certFile: certificate('crt') } });
    const env = { CCT_CACHE_URL: redis.url, NODE_EXTRA_CA_CERTS: caPath };
    const args = ['observe', ...asking(tracker), '--format', 'ndjson', '--ip', PANEL.value, '-v'];
    await spawnCct(args, { env }).finished;
    const { status, stdout, stderr } = await spawnCct(args, { env }).finished;
    expect([status, readRows(stdout), stderr.includes('cache redis')]).toEqual([0, listedRow, false]);
    expect(tracker.lookups()).toHaveLength(1);
  });

  test('goes on without a server that is away, with the same status, and says so once, never the password', async () => {
    const [tracker, redis] = [await openTracker({ listings }), await startRedis({ password: 'hush' })];
    await redis.kill();
    const ips = Array.from({ length: 20 }, (_, at) => ['--ip', `192.0.2.${at + 1}`]).flat();
    const args = ['observe', ...asking(tracker), ...ips, '--debug', '-v', '--cache-url', redis.url];
    const { status, stderr } = await spawnCct(args).finished;
    expect(status).toBe(0);
    const note = `cannot reach cache redis://127.0.0.1:${redis.port}: ECONNREFUSED; continuing without it`;
    expect([stderr.split(note).length, stderr.includes('hush')]).toEqual([2, false]);
  });

  test('ends soon although the server answers nothing', async () => {
    const [tracker, redis] = [await openTracker({ listings }), await startRedis()];
    redis.freeze();
    const startedMs = performance.now();
    const args = ['observe', ...asking(tracker), '--format', 'ndjson', '--ip', PANEL.value, '--cache-url', redis.url];
    const { status, stdout } = await spawnCct(args).finished;
    expect([status, readRows(stdout)]).toEqual([0, listedRow]);
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });
});

describeRedisCache(startRedis);
