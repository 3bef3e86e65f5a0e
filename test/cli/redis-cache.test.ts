import { fileURLToPath } from 'node:url';
import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { caPath } from '../helpers/certificates.ts';
import { listenOnLoopback } from '../helpers/loopback-server.ts';
import { startRedis } from '../helpers/redis-server.ts';
import { like, openTempDir, readAnswer, readRows, runMain, spawnCct } from '../helpers/run-cct.ts';
import { startServe, waitUntil } from '../helpers/serve.ts';
import { listFiles } from '../tracker/cache-files.ts';
import { asking, openTracker } from './live.ts';

const PANEL = { type: 'ip', value: '198.51.100.60' };
const listings = { [PANEL.value]: 'Malicious: Pony' };
const listedRow = [`listed ip ${PANEL.value}`];

const certificate = (extension: string) =>
  fileURLToPath(new URL(`../helpers/certificates/localhost.${extension}`, import.meta.url));

describe('a run with --cache-url', () => {
  test('remembers on the server, and nothing on the disk', async () => {
    const [tracker, redis, home] = [await openTracker({ listings }), await startRedis({ password: 'hush' }), openTempDir()];
    const args = ['observe', ...asking(tracker), '--format', 'ndjson', '--ip', PANEL.value, '--cache-url', redis.url];
    const runs = [await runMain(args, { env: { XDG_CACHE_HOME: home } }), await runMain(args, { env: { XDG_CACHE_HOME: home } })];
    expect(runs.map(({ status, stdout }) => [status, /"source":"(\w+)"/.exec(stdout)?.[1]])).toEqual([
      [0, 'live'],
      [0, 'cache'],
    ]);
    expect([tracker.lookups().length, listFiles(home)]).toEqual([1, []]);
  });

  test('as it is installed, over TLS, ends at once and says nothing of it', async () => {
    const tracker = await openTracker({ listings });
    const redis = await startRedis({ tls: { keyFile: certificate('key'), certFile: certificate('crt') } });
    const env = { CCT_CACHE_URL: redis.url, NODE_EXTRA_CA_CERTS: caPath };
    const args = ['observe', ...asking(tracker), '--format', 'ndjson', '--ip', PANEL.value, '-v'];
    await spawnCct(args, { env }).finished;
    const { status, stdout, stderr } = await spawnCct(args, { env }).finished;
    expect([status, readRows(stdout), stderr.includes('the cache')]).toEqual([0, listedRow, false]);
    expect(tracker.lookups()).toHaveLength(1);
  });

  test('goes on without a server that is away, with the same status, and says so once, never the password', async () => {
    const [tracker, redis] = [await openTracker({ listings }), await startRedis({ password: 'hush' })];
    await redis.kill();
    const ips = Array.from({ length: 20 }, (_, at) => ['--ip', `192.0.2.${at + 1}`]).flat();
    const args = ['observe', ...asking(tracker), ...ips, '--debug', '-v', '--cache-url', redis.url];
    const { status, stderr } = await spawnCct(args).finished;
    expect(status).toBe(0);
    const note = `the cache redis://127.0.0.1:${redis.port} cannot be reached: ECONNREFUSED; continuing without it`;
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

  test('in a variable gives way to a folder on the command line', async () => {
    const tracker = await openTracker();
    const dir = openTempDir();
    const args = ['observe', ...asking(tracker), '--ip', PANEL.value, '--cache-dir', dir];
    const { stderr } = await runMain(args, { env: { CCT_CACHE_URL: 'redis://127.0.0.1:1' } });
    expect([listFiles(dir).length, stderr.includes('redis')]).toEqual([1, false]);
  });
});

describe('relays with --cache-url', () => {
  const ask = async (relay: { post(path: string, body: unknown): Promise<Response> }) =>
    readAnswer(await (await relay.post('/observe/observables', [PANEL])).text());

  test('share their answers, and each has them in memory then', async () => {
    const [tracker, redis] = [await openTracker({ listings }), await startRedis()];
    const args = [...asking(tracker), '--cache-url', redis.url];
    const [first, second] = [await startServe(args), await startServe(args)];
    const answers = [await ask(first), await ask(second)];
    await redis.kill();
    answers.push(await ask(first), await ask(second));
    expect(answers.map(({ verdicts }) => verdicts)).toEqual(answers.map(() => [PANEL.value]));
    expect(tracker.lookups()).toHaveLength(1);
  });

  test('go on while the server is away, say so once, use it again when it is back, and say that once', async () => {
    const [tracker, redis] = [await openTracker({ listings }), await startRedis()];
    const relay = await startServe([...asking(tracker), '--cache-url', redis.url, '--cache-ttl', '1ms']);
    await ask(relay);
    await redis.kill();
    await relay.said(/cannot be reached/);
    for (let asked = 0; asked < 5; asked += 1) expect((await ask(relay)).verdicts).toEqual([PANEL.value]);
    await redis.restart();
    await relay.said(/reachable again/);
    const fresh = await startServe([...asking(tracker), '--cache-url', redis.url]);
    await ask(fresh);
    await waitUntil(() => redis.command('DBSIZE') === '1');
    const told = relay.logged().filter(({ msg }) => msg.startsWith('the cache'));
    expect(told.map(({ level, msg }) => `${level} ${msg}`)).toEqual([
      like(/^error the cache redis:\/\/127\.0\.0\.1:\d+ cannot be reached: [\w ]+; continuing without it$/),
      `info the cache redis://127.0.0.1:${redis.port} is reachable again`,
    ]);
    expect((await relay.stop()).status).toBe(0);
  });
});
