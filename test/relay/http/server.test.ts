import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startServer } from '../../../src/relay/http/server.ts';
import { listenOnLoopback, hasIpv6 } from '../../helpers/loopback-server.ts';
import { createRelay } from '../../helpers/relay.ts';
import { like } from '../../helpers/run-cct.ts';
import { echo, serve } from '../served-app.ts';

describe('a server', () => {
  test('passes on the request and the address of the caller, and sends the answer', async () => {
    const seen: unknown[] = [];
    const { url } = await serve(async (request, caller) => {
      seen.push(caller.address, request.headers.get('x-a'), await request.text());
      return new Response('ok', { status: 201, headers: { 'X-B': 'b' } });
    });
    const response = await fetch(`${url}/x`, { method: 'POST', body: 'body', headers: { 'X-A': 'a' } });
    expect([response.status, response.headers.get('x-b'), await response.text()]).toEqual([201, 'b', 'ok']);
    expect(seen).toEqual(['127.0.0.1', 'a', 'body']);
  });

  test('sends the bytes of the app', async () => {
    const body = JSON.stringify([{ type: 'url', value: 'http://panel.example/d12/cp.php?m=login' }]);
    const { text } = await createRelay().ask('POST', '/observe/observables', body);
    const { url } = await serve(createRelay().app);
    const response = await fetch(`${url}/observe/observables`, { method: 'POST', body });
    expect(await response.text()).toBe(text);
    expect(response.headers.get('x-powered-by')).toBeNull();
  });

  test('has its default limits', async () => {
    const CHANNEL = 'http.server.request.start';
    const servers: unknown[] = [];
    const remember = (message: unknown) => void servers.push(Reflect.get(Object(message), 'server'));
    subscribe(CHANNEL, remember);
    onTestFinished(() => void unsubscribe(CHANNEL, remember));
    const byDefault = await startServer(echo, { host: '127.0.0.1', port: 0 });
    onTestFinished(() => byDefault.stop(0));
    await (await fetch(byDefault.url)).text();
    expect(servers).toMatchObject([
      {
        headersTimeout: 10_000,
        requestTimeout: 20_000,
        keepAliveTimeout: 65_000,
        connectionsCheckingInterval: 1000,
        maxConnections: 1024,
      },
    ]);
  });

  test('listens on an address of IPv6, or reports that the machine has none', async () => {
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

  test('reports why it cannot listen on an address', async () => {
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
        message: `cannot listen on 127.0.0.1, port ${other.port}: the port is in use; choose another with --port`,
        cause: { code: 'EADDRINUSE' },
      },
      {
        code: 'usage',
        message: 'cannot listen on 192.0.2.1, port 0: this machine has no such address; choose another with --host',
      },
      {
        code: 'usage',
        message:
          'cannot listen on no-such-host.invalid, port 0: the name does not resolve; choose an address of this machine with --host',
      },
    ]);
  });
});
