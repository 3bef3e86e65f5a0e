import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RelayApp } from '../../../src/relay/app.ts';
import type { ServerLimits } from '../../../src/relay/http/server.ts';
import { createDeferred } from '../../core/samples.ts';
import { openRaw, waitUntil } from '../../helpers/serve.ts';
import { watchServer } from '../model/server-watch.ts';
import type { Served } from '../served-app.ts';
import { serve, toRequest } from '../served-app.ts';

const MIB = 1024 ** 2;
// More than the operating system takes for both sides of a connection on loopback.
const LONG = Buffer.alloc(24 * MIB, 'x');
const TOO_MANY = { status: undefined, reason: 'Too many unread answers', method: 'GET', address: '127.0.0.1' };
const TOO_LATE = { ...TOO_MANY, reason: 'The answer was not read in time' };

/** A long answer for `/long`, with its length, and for `/stream`, without; a short one else, for `/held` when `until` resolves. */
function toApp(until: Promise<unknown> = Promise.resolve()): RelayApp {
  return async ({ url }) => {
    const { pathname } = new URL(url);
    if (pathname === '/long') return new Response(LONG, { headers: { 'Content-Length': String(LONG.length) } });
    if (pathname === '/stream') return new Response(new Blob([LONG]).stream());
    if (pathname === '/held') await until;
    return new Response(`short ${pathname}`);
  };
}

/** Serves with these limits; counts the answers of the app. */
async function serveLong(limits: ServerLimits, until?: Promise<unknown>): Promise<Served & { readonly answers: () => number }> {
  const app = toApp(until);
  let answers = 0;
  const served = await serve((request, caller) => {
    answers += 1;
    return app(request, caller);
  }, limits);
  return { ...served, answers: () => answers };
}

/** Opens a connection that sends bytes and reads nothing. */
function openStalled({ port }: Served, bytes: string): Socket {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  socket.write(bytes);
  return socket;
}

/** Reads what a connection has received and will receive until it closes; resolves with the number of bytes. */
async function countBytes(socket: Socket): Promise<number> {
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return bytes;
}

describe('answers that are not read', () => {
  const get = (path: string) => toRequest(path, 'Connection: close');

  test.each(['/long', '/stream'])('are bounded together: the oldest connections are closed and reported (%s)', async (path) => {
    const served = await serveLong({ maxUnreadBytes: 2.5 * LONG.length });
    const stalled: Socket[] = [];
    for (let count = 1; count <= 4; count += 1) {
      stalled.push(openStalled(served, get(path)));
      await waitUntil(() => served.answers() === count);
    }
    await waitUntil(() => served.refused.length >= 2);
    expect(served.refused).toEqual([TOO_MANY, TOO_MANY]);
    const received = await Promise.all(stalled.map(countBytes));
    expect(received.map((bytes) => bytes > LONG.length)).toEqual([false, false, true, true]);
  });

  test('are bounded on one connection too', async () => {
    const served = await serveLong({ maxUnreadBytes: 2.5 * LONG.length });
    const socket = openStalled(served, toRequest('/long').repeat(3));
    await waitUntil(() => served.refused.length > 0);
    expect(served.refused).toEqual([TOO_MANY]);
    expect(await countBytes(socket)).toBeLessThan(LONG.length);
  });

  test('count no more once they are read, or their caller has left', async () => {
    const served = await serveLong({ maxUnreadBytes: 2.5 * LONG.length });
    const watch = watchServer(served.port);
    onTestFinished(() => watch.stop());
    for (let count = 1; count <= 3; count += 1) {
      expect(await countBytes(openStalled(served, get('/long')))).toBeGreaterThan(LONG.length);
      const leaving = openStalled(served, toRequest('/long').repeat(2));
      await waitUntil(() => served.answers() === 3 * count);
      leaving.destroy();
      await waitUntil(() => watch.open === 0);
    }
    expect(served.refused).toEqual([]);
  });

  test('do not cost a caller who reads its own', async () => {
    const served = await serveLong({ maxUnreadBytes: 1.5 * LONG.length });
    for (let count = 1; count <= 3; count += 1) {
      openStalled(served, get('/long'));
      await waitUntil(() => served.answers() === 2 * count - 1);
      expect(await countBytes(openStalled(served, get('/long')))).toBeGreaterThan(LONG.length);
    }
    expect(served.refused).toEqual([TOO_MANY, TOO_MANY, TOO_MANY]);
  });

  test('may be one that exceeds the bound alone', async () => {
    const served = await serveLong({ maxUnreadBytes: 1 });
    expect(await countBytes(openStalled(served, get('/long')))).toBeGreaterThan(LONG.length);
    expect(served.refused).toEqual([]);
  });
});

describe('a caller who reads nothing of its answer for too long', () => {
  test('is cut off and reported', async () => {
    const served = await serveLong({ unreadTimeoutMs: 100 });
    const socket = openStalled(served, toRequest('/long'));
    await waitUntil(() => served.refused.length > 0);
    expect(served.refused).toEqual([TOO_LATE]);
    expect(await countBytes(socket)).toBeLessThan(LONG.length);
  });

  test.each([
    ['a second answer', '/short', '/held', /short \/held/],
    ['an answer in front of one that is ready', '/held', '/short', /short \/short/],
  ])('is not one who waits for %s', async (_what, first, second, last) => {
    const finish = createDeferred<undefined>();
    const served = await serveLong({ unreadTimeoutMs: 100 }, finish.promise);
    const patient = openRaw(served.port);
    patient.send(toRequest(first) + toRequest(second));
    await waitUntil(() => served.answers() === 2);
    for (let count = 1; count <= 2; count += 1) {
      openStalled(served, toRequest('/long'));
      await waitUntil(() => served.refused.length === count);
    }
    finish.resolve(undefined);
    expect(await patient.received(last)).toMatch(last);
    expect(served.refused).toEqual([TOO_LATE, TOO_LATE]);
  });

  test('is not one who keeps an idle connection for the next request', async () => {
    const served = await serveLong({ unreadTimeoutMs: 100 });
    const idle = openRaw(served.port);
    idle.send(toRequest('/1'));
    await idle.received(/short \/1/);
    for (let count = 1; count <= 2; count += 1) {
      openStalled(served, toRequest('/long'));
      await waitUntil(() => served.refused.length === count);
    }
    idle.send(toRequest('/2'));
    expect(await idle.received(/short \/2/)).toMatch(/short \/2/);
  });
});
