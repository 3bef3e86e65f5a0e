import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createDeferred } from '../../core/samples.ts';
import { createRelay } from '../../helpers/relay.ts';
import { openRaw, waitUntil } from '../../helpers/serve.ts';
import { echo, serve, toRequest } from '../served-app.ts';

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
    expect(body).toContain('{"code":400,"message":"Bad Request","reason":"The request has an invalid host or path"}\n');
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

  test('by leaving aborts its request, and not by waiting for the end of its answer', async () => {
    const left: string[] = [];
    const gone = createDeferred<undefined>();
    const { port } = await serve(async (request, { signal }) => {
      const { pathname } = new URL(request.url);
      signal.addEventListener('abort', () => {
        left.push(pathname);
        gone.resolve(undefined);
      });
      if (pathname === '/leaves') {
        raw.socket.destroy();
        await gone.promise;
      }
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

  test('by leaving aborts all that it requested in a row', async () => {
    const left: string[] = [];
    const arrived = createDeferred<undefined>();
    const { port } = await serve(({ url }, { signal }) => {
      const { pathname } = new URL(url);
      signal.addEventListener('abort', () => void left.push(pathname));
      if (pathname === '/3') arrived.resolve(undefined);
      return new Promise(() => undefined);
    });
    const raw = openRaw(port);
    raw.send(toRequest('/1') + toRequest('/2') + toRequest('/3'));
    await arrived.promise;
    raw.socket.destroy();
    await waitUntil(() => left.length >= 3);
    expect(left).toEqual(['/1', '/2', '/3']);
  });

  test('with a body of 10 MB reads its refusal', async () => {
    const { url } = await serve(createRelay().app);
    const body = Buffer.alloc(10 * 1024 ** 2, ' ');
    const response = await fetch(`${url}/observe/observables`, { method: 'POST', body });
    expect([response.status, await response.json()]).toMatchObject([413, { code: 413 }]);
  });
});
