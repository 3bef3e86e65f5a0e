import { describe, expect, test } from 'vitest';
import type { StartRedis } from '../helpers/redis-server.ts';
import { like, openTempDir, readAnswer, runMain } from '../helpers/run-cct.ts';
import { startServe, waitUntil } from '../helpers/serve.ts';
import { listFiles } from '../tracker/cache/cache-files.ts';
import { asking, openTracker } from './live.ts';

const PANEL = { type: 'ip', value: '198.51.100.60' };
const listings = { [PANEL.value]: 'Malicious: Pony' };

/** What runs and relays in memory do with `--cache-url`. */
export function describeRedisCache(start: StartRedis): void {
  test('a run with --cache-url remembers on the server, and nothing on the disk', async () => {
    const [tracker, redis, home] = [await openTracker({ listings }), await start({ password: 'hush' }), openTempDir()];
    const args = ['observe', ...asking(tracker), '--format', 'ndjson', '--ip', PANEL.value, '--cache-url', redis.url];
    const runs = [await runMain(args, { env: { XDG_CACHE_HOME: home } }), await runMain(args, { env: { XDG_CACHE_HOME: home } })];
    expect(runs.map(({ status, stdout }) => [status, /"source":"(\w+)"/.exec(stdout)?.[1]])).toEqual([
      [0, 'live'],
      [0, 'cache'],
    ]);
    expect([tracker.lookups().length, listFiles(home)]).toEqual([1, []]);
  });

  describe('relays with --cache-url', () => {
    const ask = async (relay: { post(path: string, body: unknown): Promise<Response> }) =>
      readAnswer(await (await relay.post('/observe/observables', [PANEL])).text());

    test('share their answers, and each has them in memory then', async () => {
      const [tracker, redis] = [await openTracker({ listings }), await start()];
      const args = [...asking(tracker), '--cache-url', redis.url];
      const [first, second] = [await startServe(args), await startServe(args)];
      const answers = [await ask(first)];
      await waitUntil(() => redis.command('DBSIZE') === '1');
      answers.push(await ask(second));
      await redis.kill();
      answers.push(await ask(first), await ask(second));
      expect(answers.map(({ verdicts }) => verdicts)).toEqual(answers.map(() => [PANEL.value]));
      expect(tracker.lookups()).toHaveLength(1);
    });

    test('go on while the server is away, say so once, use it again when it is back, and say that once', async () => {
      const [tracker, redis] = [await openTracker({ listings }), await start()];
      const relay = await startServe([...asking(tracker), '--cache-url', redis.url, '--cache-ttl', '1ms']);
      await ask(relay);
      await redis.kill();
      await relay.said(/cannot reach cache/);
      for (let asked = 0; asked < 5; asked += 1) expect((await ask(relay)).verdicts).toEqual([PANEL.value]);
      await redis.restart();
      await relay.said(/reachable again/);
      const fresh = await startServe([...asking(tracker), '--cache-url', redis.url]);
      await ask(fresh);
      await waitUntil(() => redis.command('DBSIZE') === '1');
      const told = relay.logged().filter(({ msg }) => /cache redis:/.test(msg));
      expect(told.map(({ level, msg }) => `${level} ${msg}`)).toEqual([
        like(/^error cannot reach cache redis:\/\/127\.0\.0\.1:\d+: [\w ]+; continuing without it$/),
        `info the cache redis://127.0.0.1:${redis.port} is reachable again`,
      ]);
      expect((await relay.stop()).status).toBe(0);
    });

    test('show in their metrics whether the server is reachable', async () => {
      const [tracker, redis] = [await openTracker({ listings }), await start()];
      const relay = await startServe([...asking(tracker), '--cache-url', redis.url, '--metrics']);
      const read = async () => /^cct_shared_cache_up .*$/m.exec(await (await fetch(`${relay.url}/metrics`)).text())?.[0];
      await ask(relay);
      expect(await read()).toBe('cct_shared_cache_up 1');
      await redis.kill();
      await relay.said(/cannot reach cache/);
      expect(await read()).toBe('cct_shared_cache_up 0');
      await redis.restart();
      await relay.said(/reachable again/);
      expect(await read()).toBe('cct_shared_cache_up 1');
    });
  });
}
