import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RelayApp } from '../../src/relay/app.ts';
import type { RelayServer, ServerLimits } from '../../src/relay/server.ts';
import { startServer } from '../../src/relay/server.ts';
import { createDeferred } from '../core/samples.ts';
import { listenOnLoopback } from '../helpers/loopback-server.ts';
import { createRelay } from '../helpers/relay.ts';
import { like } from '../helpers/run-cct.ts';
import { openRaw } from '../helpers/serve.ts';
import { createServer } from 'node:http';

interface Served extends RelayServer {
  readonly port: number;
}

async function serve(app: RelayApp, limits: ServerLimits = {}): Promise<Served> {
  const server = await startServer(app, { host: '127.0.0.1', port: 0, limits: { checkEveryMs: 20, ...limits } });
  onTestFinished(() => server.stop(0));
  return { ...server, port: Number(new URL(server.url).port) };
}

/** An app that answers at once with what it was asked. */
const echo: RelayApp = async (request) =>
  new Response(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`);

const toRequest = (path: string, ...headers: readonly string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: relay.example', ...headers, '', ''].join('\r\n');

// Not every container has one.
const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'));

describe('a server', () => {
  test('hands on the request and the address of the caller, and sends the answer', async () => {
    const seen: unknown[] = [];
    const { url } = await serve(async (request, caller) => {
      seen.push(caller.address, request.headers.get('x-a'), await request.text());
      return new Response('ok', { status: 201, headers: { 'X-B': 'b' } });
    });
    const response = await fetch(`${url}/x`, { method: 'POST', body: 'body', headers: { 'X-A': 'a' } });
    expect([response.status, response.headers.get('x-b'), await response.text()]).toEqual([201, 'b', 'ok']);
    expect(seen).toEqual(['127.0.0.1', 'a', 'body']);
  });

  test('sends the same bytes as the app gives', async () => {
    const body = JSON.stringify([{ type: 'url', value: 'http://panel.example/d12/cp.php?m=login' }]);
    const { text } = await createRelay().ask('POST', '/observe/observables', body);
    const { url } = await serve(createRelay().app);
    const response = await fetch(`${url}/observe/observables`, { method: 'POST', body });
    expect(await response.text()).toBe(text);
    expect(response.headers.get('x-powered-by')).toBeNull();
  });

  test('bears from its callers what it says, unless it is told otherwise', async () => {
    const CHANNEL = 'http.server.request.start';
    const servers: unknown[] = [];
    const remember = (message: unknown) => void servers.push(Reflect.get(Object(message), 'server'));
    subscribe(CHANNEL, remember);
    onTestFinished(() => void unsubscribe(CHANNEL, remember));
    const byDefault = await startServer(echo, { host: '127.0.0.1', port: 0 });
    onTestFinished(() => byDefault.stop(0));
    const told = await serve(echo, {
      headersTimeoutMs: 11_000,
      requestTimeoutMs: 22_000,
      keepAliveTimeoutMs: 33_000,
      maxConnections: 44,
    });
    for (const { url } of [byDefault, told]) await (await fetch(url)).text();
    expect(servers).toMatchObject([
      {
        headersTimeout: 10_000,
        requestTimeout: 20_000,
        keepAliveTimeout: 65_000,
        connectionsCheckingInterval: 1000,
        maxConnections: 1024,
      },
      {
        headersTimeout: 11_000,
        requestTimeout: 22_000,
        keepAliveTimeout: 33_000,
        connectionsCheckingInterval: 20,
        maxConnections: 44,
      },
    ]);
  });

  test('may listen on an address of IPv6, and is reached there, or says that the machine has none', async () => {
    const started = startServer(echo, { host: '::1', port: 0 });
    if (!hasIpv6) {
      await expect(started).rejects.toMatchObject({ message: like(/::1/) });
      return;
    }
    const { url, stop } = await started;
    onTestFinished(() => stop(0));
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect(await (await fetch(`${url}/x`)).text()).toBe('GET /x ');
  });

  test('says what is wrong with an address that it cannot have', async () => {
    const other = await listenOnLoopback(createServer());
    onTestFinished(() => other.close());
    const attempts = [
      { host: '127.0.0.1', port: other.port },
      { host: '192.0.2.1', port: 0 },
      { host: 'no-such-host.invalid', port: 0 },
    ];
    const ends = await Promise.all(attempts.map((options) => startServer(echo, options).catch((thrown: unknown) => thrown)));
    expect(ends).toMatchObject([
      {
        code: 'usage',
        message: `cannot listen on 127.0.0.1, port ${other.port}: it is in use. Choose another with --port`,
        cause: { code: 'EADDRINUSE' },
      },
      {
        code: 'usage',
        message: 'cannot listen on 192.0.2.1, port 0: this machine has no such address. Choose another with --host',
      },
      {
        code: 'usage',
        message: 'cannot listen on no-such-host.invalid, port 0: this machine has no such address. Choose another with --host',
      },
    ]);
  });
});

describe('a caller that misbehaves', () => {
  test('with requests in a row, without waiting, has each answered in turn', async () => {
    const raw = openRaw((await serve(echo)).port);
    raw.send(toRequest('/1') + toRequest('/2') + toRequest('/3', 'Connection: close'));
    expect((await raw.received()).match(/GET \/\d/g)).toEqual(['GET /1', 'GET /2', 'GET /3']);
  });

  test('with headers of 100 kB is told so', async () => {
    const raw = openRaw((await serve(echo)).port);
    raw.send(toRequest('/', `X-Big: ${'x'.repeat(100_000)}`));
    expect(await raw.received()).toMatch(/^HTTP\/1.1 431 /);
  });

  test('with headers that never end is cut off', async () => {
    const raw = openRaw((await serve(echo, { headersTimeoutMs: 100 })).port);
    raw.send('GET / HTTP/1.1\r\nHost: relay.example\r\nX-A');
    expect(await raw.received()).toMatch(/^HTTP\/1.1 408 /);
  });

  test('with a body that stalls is cut off', async () => {
    const raw = openRaw((await serve(echo, { headersTimeoutMs: 100, requestTimeoutMs: 100 })).port);
    raw.send('POST / HTTP/1.1\r\nHost: relay.example\r\nContent-Length: 10\r\n\r\n12345');
    expect(await raw.received()).toMatch(/^HTTP\/1.1 408 |^$/);
  });

  test('with nothing to say is cut off', async () => {
    const raw = openRaw((await serve(echo, { keepAliveTimeoutMs: 100 })).port);
    raw.send(toRequest('/'));
    expect(await raw.received()).toMatch(/GET \//);
  });

  test('with what is no HTTP, no host or no path is refused', async () => {
    const { port } = await serve(echo);
    const requests = [
      'nonsense\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a b\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: relay.example/../x\r\nConnection: close\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: relay.example\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      'GET \\x HTTP/1.1\r\nHost: relay.example\r\nConnection: close\r\n\r\n',
    ];
    const answers = await Promise.all(
      requests.map((request) => {
        const raw = openRaw(port);
        raw.send(request);
        return raw.received(/\r\n\r\n/);
      }),
    );
    expect(answers.map((answer) => answer.slice(0, 12))).toEqual(requests.map(() => 'HTTP/1.1 400'));
  });

  test('with a host that is none is told so in JSON', async () => {
    const raw = openRaw((await serve(echo)).port);
    raw.send('GET / HTTP/1.1\r\nHost: relay.example/../x\r\nConnection: close\r\n\r\n');
    const [head = '', body = ''] = (await raw.received()).split('\r\n\r\n');
    expect(head).toMatch(/^content-type: application\/json; charset=utf-8\r?$/im);
    expect(head).toMatch(/^x-content-type-options: nosniff\r?$/im);
    expect(body).toContain('{"code":400,"message":"Bad Request","reason":"The request has no valid host or path"}\n');
  });

  test('with connections beyond the cap finds the others served', async () => {
    const { port, url } = await serve(echo, { maxConnections: 2 });
    const kept = [openRaw(port), openRaw(port)];
    for (const raw of kept) raw.send(toRequest('/kept'));
    await Promise.all(kept.map((raw) => raw.received(/GET \/kept/)));
    const refused = connect(port, '127.0.0.1');
    refused.on('error', () => undefined);
    await once(refused, 'close');
    kept[0]?.socket.destroy();
    kept[1]?.send(toRequest('/again'));
    expect(await kept[1]?.received(/GET \/again/)).toContain('GET /again');
    expect(url).toContain(String(port));
  });

  test('by leaving in the middle ends the work for it', async () => {
    const left = createDeferred<unknown>();
    const arrived = createDeferred<undefined>();
    const { port } = await serve(({ signal }) => {
      signal.addEventListener('abort', () => left.resolve(signal.reason));
      arrived.resolve(undefined);
      return new Promise(() => undefined);
    });
    const raw = openRaw(port);
    raw.send(toRequest('/'));
    await arrived.promise;
    raw.socket.destroy();
    expect(await left.promise).toBeDefined();
  });

  test('by leaving is told apart from one that waits for the end of its answer', async () => {
    const left: string[] = [];
    const gone = createDeferred<undefined>();
    const { port } = await serve(async (request, { onLeave }) => {
      const { pathname } = new URL(request.url);
      await new Promise<void>((resolve) => {
        onLeave?.(() => {
          left.push(pathname);
          gone.resolve(undefined);
        });
        if (pathname === '/leaves') raw.socket.destroy();
        else resolve();
      });
      return new Response('ok');
    });
    const patient = openRaw(port);
    patient.send(toRequest('/waits', 'Connection: close'));
    expect(await patient.received()).toMatch(/ok$|\r\n0\r\n\r\n$/);
    const raw = openRaw(port);
    raw.send(toRequest('/leaves'));
    await gone.promise;
    expect(left).toEqual(['/leaves']);
  });

  test('with a body of 10 MB reads its refusal', async () => {
    const { url } = await serve(createRelay().app);
    const body = Buffer.alloc(10 * 1024 ** 2, ' ');
    const response = await fetch(`${url}/observe/observables`, { method: 'POST', body });
    expect([response.status, await response.json()]).toMatchObject([413, { code: 413 }]);
  });
});

describe('a stop', () => {
  test('lets requests under way finish, and takes no new connections', async () => {
    const arrived = createDeferred<undefined>();
    const finish = createDeferred<undefined>();
    const { port, stop } = await serve(async () => {
      arrived.resolve(undefined);
      await finish.promise;
      return new Response('finished');
    });
    const raw = openRaw(port);
    raw.send(toRequest('/'));
    await arrived.promise;
    const stopped = stop(60_000);
    const late = connect(port, '127.0.0.1');
    expect(await once(late, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
    finish.resolve(undefined);
    expect((await raw.received()).match(/finished|Connection: \S+/g)).toEqual(['Connection: close', 'finished']);
    await stopped;
  });

  test('answers all that had come in a row, and says with the last that it was the last', async () => {
    const arrived = createDeferred<undefined>();
    const finish = createDeferred<undefined>();
    let requests = 0;
    const { port, stop } = await serve(async () => {
      requests += 1;
      if (requests === 2) arrived.resolve(undefined);
      await finish.promise;
      return new Response('finished');
    });
    const raw = openRaw(port);
    raw.send(toRequest('/1') + toRequest('/2'));
    await arrived.promise;
    const stopped = stop(60_000);
    finish.resolve(undefined);
    expect((await raw.received()).match(/finished|Connection: \S+/g)).toEqual([
      'Connection: keep-alive',
      'finished',
      'Connection: close',
      'finished',
    ]);
    await stopped;
  });

  test('closes connections that wait for a next request', async () => {
    const { port, stop } = await serve(echo);
    const raw = openRaw(port);
    raw.send(toRequest('/'));
    await raw.received(/GET \//);
    await stop(60_000);
    expect(await raw.received()).toContain('GET /');
  });

  test('cuts off what does not finish in time', async () => {
    const arrived = createDeferred<undefined>();
    const { port, stop } = await serve(() => {
      arrived.resolve(undefined);
      return new Promise(() => undefined);
    });
    const raw = openRaw(port);
    raw.send(toRequest('/'));
    await arrived.promise;
    await stop(50);
    expect(await raw.received()).toBe('');
  });
});
