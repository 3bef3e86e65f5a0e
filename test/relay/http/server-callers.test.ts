import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createDeferred } from '../../core/samples.ts';
import { createRelay } from '../../helpers/relay.ts';
import { openRaw, waitUntil } from '../../helpers/serve.ts';
import { echo, serve, toRequest } from '../served-app.ts';

describe('a caller', () => {
  test('that pipelines requests receives the answers in order', async () => {
    const raw = openRaw((await serve(echo)).port);
    raw.send(toRequest('/1') + toRequest('/2') + toRequest('/3', 'Connection: close'));
    expect((await raw.received()).match(/GET \/\d/g)).toEqual(['GET /1', 'GET /2', 'GET /3']);
  });

  test('with headers that never end is cut off', async () => {
    const raw = openRaw((await serve(echo, { headersTimeoutMs: 100 })).port);
    raw.send('GET / HTTP/1.1\r\nHost: relay.example\r\nX-A');
    expect(await raw.received()).toMatch(/^HTTP\/1.1 408 /);
  });

  test('with an idle connection is cut off', async () => {
    const raw = openRaw((await serve(echo, { keepAliveTimeoutMs: 100 })).port);
    raw.send(toRequest('/'));
    expect(await raw.received()).toMatch(/GET \//);
  });

  test('above the limit of connections does not affect the others', async () => {
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

  test('that closes its side of the connection receives its answers, and then the connection ends', async () => {
    const finish = createDeferred<undefined>();
    const { port } = await serve(async (request, { signal }) => {
      await finish.promise;
      return new Response(`${new URL(request.url).pathname} ${signal.aborted}`);
    });
    const older = openRaw(port);
    older.socket.end('GET /0 HTTP/1.0\r\n\r\n');
    const raw = openRaw(port);
    raw.socket.end(toRequest('/1') + toRequest('/2'));
    // The server has noticed that both have closed their side.
    await raw.received(/100 Continue/);
    finish.resolve(undefined);
    const summary = (answers: string) => answers.match(/HTTP\/1\.1 \d+|Connection: \S+|\/\d (?:true|false)/g)?.join();
    expect(summary(await older.received())).toBe('HTTP/1.1 200,Connection: close,/0 false');
    expect(summary((await raw.received()).replace(/^(?:HTTP\/1\.1 100 Continue\r\n\r\n)+/, ''))).toBe(
      'HTTP/1.1 200,Connection: keep-alive,/1 false,HTTP/1.1 200,Connection: close,/2 false',
    );
  });

  test.each([
    ['before a request', ''],
    ['after an answer', toRequest('/')],
  ])('that closes its side of an idle connection %s ends it', async (_when, bytes) => {
    const raw = openRaw((await serve(echo)).port);
    raw.send(bytes);
    if (bytes !== '') await raw.received(/GET \//);
    raw.socket.end();
    expect((await raw.received()).match(/HTTP\/1\.1 \d+/g) ?? []).toEqual(bytes === '' ? [] : ['HTTP/1.1 200']);
  });

  test('that disconnects aborts its request; one that waits for the end of its answer does not', async () => {
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

  test('that disconnects aborts all requests that it pipelined', async () => {
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

  test('that sends a body of 10 MB receives the refusal', async () => {
    const { url } = await serve(createRelay().app);
    const body = Buffer.alloc(10 * 1024 ** 2, ' ');
    const response = await fetch(`${url}/observe/observables`, { method: 'POST', body });
    expect([response.status, await response.json()]).toMatchObject([413, { code: 413 }]);
  });
});
