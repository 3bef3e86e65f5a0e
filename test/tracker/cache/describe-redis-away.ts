import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { toListed, unlisted } from '../../core/samples.ts';
import type { StartRedis } from '../../helpers/redis-server.ts';
import { like } from '../../helpers/run-cct.ts';
import { waitUntil } from '../../helpers/serve.ts';
import { KEY, openServed, openRedis } from './open-stores.ts';

/** A server that does this with each connection; otherwise it is silent. */
async function startStrange(serve: (socket: Socket) => void = () => undefined): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `redis://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

const replying = (reply: string) => (socket: Socket) => void socket.on('data', () => socket.write(reply));

async function timeMs(work: Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work;
  return performance.now() - startedMs;
}

/** What the store does with a server that is away or stuck. */
export function describeRedisAway(start: StartRedis): void {
  describe('a server that is away', () => {
    test('delays nothing, and is reported once, as is its return', async () => {
      const { server, store, said } = await openServed(start);
      await store.set(KEY, unlisted);
      await server.kill();
      await waitUntil(() => said.length > 0);
      expect(await timeMs(Promise.all([store.get(KEY), store.get('b'), store.set(KEY, unlisted)]))).toBeLessThan(400);
      expect(await store.get(KEY)).toBeUndefined();
      await server.restart();
      await waitUntil(() => said.length > 1);
      await store.set(KEY, toListed());
      expect(await store.get(KEY)).toStrictEqual(toListed());
      // The reason depends on what was being sent.
      expect(said).toEqual([like(/^away: (?:Socket closed unexpectedly|ECONNRESET|EPIPE)$/), 'back']);
    });

    test('from the start is reported once, and is used when it comes', async () => {
      const server = await start();
      await server.kill();
      const { store, said } = openRedis(server.url);
      expect([await store.get(KEY), await store.get(KEY)]).toEqual([undefined, undefined]);
      expect(said).toEqual(['away: ECONNREFUSED']);
      await server.restart();
      await waitUntil(() => said.length > 1);
      await store.set(KEY, unlisted);
      expect(await store.get(KEY)).toStrictEqual(unlisted);
    });

    test('because the password is wrong or missing is reported without it', async () => {
      const server = await start({ password: 'right horse' });
      const reasons = [];
      for (const url of [server.url.replace('right', 'wrong'), `redis://127.0.0.1:${server.port}`]) {
        const { store, said } = openRedis(url);
        expect(await store.get(KEY)).toBeUndefined();
        reasons.push(...said);
      }
      expect(reasons).toEqual([
        'away: WRONGPASS invalid username-password pair or user is disabled.',
        'away: NOAUTH Authentication required.',
      ]);
      const right = openRedis(server.url);
      await right.store.set(KEY, unlisted);
      expect(await right.store.get(KEY)).toStrictEqual(unlisted);
    });

    test('because it speaks another protocol is reported', async () => {
      const { store, said } = openRedis(await startStrange(replying('HTTP/1.1 400 Bad Request\r\n\r\n')));
      expect(await store.get(KEY)).toBeUndefined();
      await waitUntil(() => said.length > 0);
      expect(said).toHaveLength(1);
    });

    test('and repeats what it heard does not reveal the password', async () => {
      const reply = "-ERR unknown command 'AUTH', with args beginning with: 's e' 's%20e' \r\n";
      const { store, said } = openRedis((await startStrange(replying(reply))).replace('//', '//:s%20e@'));
      expect(await store.get(KEY)).toBeUndefined();
      expect(said).toEqual(["away: ERR unknown command 'AUTH', with args beginning with: '…' '…' "]);
    });

    test('and closes each connection at once is tried after a pause that grows', async () => {
      const startedMs = performance.now();
      const connectedMs: number[] = [];
      const url = await startStrange((socket) => {
        connectedMs.push(performance.now() - startedMs);
        socket.destroy();
      });
      const { said } = openRedis(url);
      await waitUntil(() => connectedMs.length > 2);
      expect(connectedMs[2]).toBeGreaterThan(700);
      expect(said).toHaveLength(1);
    });
  });

  describe('a server that is stuck', () => {
    test('from the start delays an answer by half a second at most, and closing not at all', async () => {
      const { store, said } = openRedis(await startStrange());
      expect(await timeMs(store.get(KEY))).toBeLessThan(1000);
      await waitUntil(() => said.length > 0);
      expect(await timeMs(store.get(KEY))).toBeLessThan(100);
      expect(said).toEqual(['away: no answer within 2,000 ms']);
      expect(await timeMs(store.close())).toBeLessThan(100);
    });

    test('later is reported after half a second, and delays nothing more', async () => {
      const { server, store, said } = await openServed(start);
      await store.set(KEY, unlisted);
      server.freeze();
      const waiting = Promise.all(Array.from({ length: 1000 }, (_, at) => store.get(`${at}.example`)));
      expect(await timeMs(waiting)).toBeLessThan(2000);
      expect(said).toEqual(['away: no answer within 500 ms']);
      expect(await timeMs(store.get(KEY))).toBeLessThan(100);
    });

    test('during the last write delays the end by half a second', async () => {
      const { server, store } = await openServed(start);
      await store.get(KEY);
      server.freeze();
      void store.set(KEY, unlisted);
      expect(await timeMs(store.close())).toBeLessThan(1400);
    });
  });
}
