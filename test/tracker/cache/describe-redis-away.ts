import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { toReason } from '../../../src/tracker/cache/redis-connection.ts';
import { toListed, unlisted } from '../../core/samples.ts';
import type { StartRedis } from '../../helpers/redis-server.ts';
import { like } from '../../helpers/run-cct.ts';
import { waitUntil } from '../../helpers/serve.ts';
import { KEY, openServed, openStore } from './redis-stores.ts';

/** A server that takes connections and, unless it is given something to say to whatever it hears, says nothing. */
async function startSilent(reply?: (heard: string) => string): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (heard: Buffer) => (reply ? socket.write(reply(heard.toString('utf8'))) : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `redis://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

/** How long something takes. */
async function timeMs(work: Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work;
  return performance.now() - startedMs;
}

/** What the store does with a server that is away or stuck. */
export function describeRedisAway(start: StartRedis): void {
  describe('a server that is away', () => {
    test('costs nothing, is told once, and is told once when it is back', async () => {
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
      // How the end is seen depends on what was on its way.
      expect(said).toEqual([like(/^away: (?:Socket closed unexpectedly|ECONNRESET|EPIPE)$/), 'back']);
    });

    test('from the start is told once, and is used when it comes', async () => {
      const server = await start();
      await server.kill();
      const { store, said } = openStore(server.url);
      expect([await store.get(KEY), await store.get(KEY)]).toEqual([undefined, undefined]);
      expect(said).toEqual(['away: ECONNREFUSED']);
      await server.restart();
      await waitUntil(() => said.length > 1);
      await store.set(KEY, unlisted);
      expect(await store.get(KEY)).toStrictEqual(unlisted);
    });

    test('because it does not know the password is told without it', async () => {
      const server = await start({ password: 'right horse' });
      const wrong = openStore(server.url.replace('right', 'wrong'));
      expect(await wrong.store.get(KEY)).toBeUndefined();
      expect(wrong.said).toEqual(['away: WRONGPASS invalid username-password pair or user is disabled.']);
      const none = openStore(`redis://127.0.0.1:${server.port}`);
      expect(await none.store.get(KEY)).toBeUndefined();
      expect(none.said).toEqual(['away: NOAUTH Authentication required.']);
      const right = openStore(server.url);
      await right.store.set(KEY, unlisted);
      expect(await right.store.get(KEY)).toStrictEqual(unlisted);
    });

    test('because it speaks another language is told', async () => {
      const { store, said } = openStore(await startSilent(() => 'HTTP/1.1 400 Bad Request\r\n\r\n'));
      expect(await store.get(KEY)).toBeUndefined();
      await waitUntil(() => said.length > 0);
      expect(said).toHaveLength(1);
    });

    test('and repeats what it was told does not give the password away', async () => {
      const url = (await startSilent(() => "-ERR unknown command 'AUTH', with args beginning with: 's e' \r\n")).replace(
        '//',
        '//:s%20e@',
      );
      const { store, said } = openStore(url);
      expect(await store.get(KEY)).toBeUndefined();
      expect(said).toEqual(["away: ERR unknown command 'AUTH', with args beginning with: '…' "]);
      expect(toReason(new Error('s%20e and s e'), url)).toBe('… and …');
    });
  });

  describe('a server that is stuck', () => {
    test('from the start delays an answer by half a second at the most, and closing not at all', async () => {
      const { store, said } = openStore(await startSilent());
      expect(await timeMs(store.get(KEY))).toBeLessThan(1000);
      await waitUntil(() => said.length > 0);
      expect(await timeMs(store.get(KEY))).toBeLessThan(100);
      expect(said).toEqual(['away: no answer within 2,000 ms']);
      expect(await timeMs(store.close())).toBeLessThan(100);
    });

    test('in the middle is given up, and told', async () => {
      const { server, store, said } = await openServed(start);
      await store.set(KEY, unlisted);
      server.freeze();
      const waiting = Promise.all(Array.from({ length: 1000 }, (_, at) => store.get(`${at}.example`)));
      expect(await timeMs(waiting)).toBeLessThan(2000);
      expect(said).toEqual(['away: no answer within 500 ms']);
      expect(await timeMs(store.get(KEY))).toBeLessThan(100);
    });

    test('while the last answers are written keeps the program half a second', async () => {
      const { server, store } = await openServed(start);
      await store.get(KEY);
      server.freeze();
      void store.set(KEY, unlisted);
      expect(await timeMs(store.close())).toBeLessThan(1500);
    });
  });
}
