import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createKeyFetcher } from '../../../src/wiring/relay/fetch-keys.ts';
import { resolveConfig } from '../../../src/config.ts';
import { startFakeProxy } from '../../helpers/fake-proxy.ts';
import { listenOnLoopback } from '../../helpers/loopback-server.ts';

/** A key host; what it was asked, and the connections on which it was. */
async function startHost(answer: RequestListener) {
  const requests: IncomingMessage[] = [];
  const sockets: Socket[] = [];
  const http = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  http.on('connection', (socket) => sockets.push(socket));
  const server = await listenOnLoopback(http);
  onTestFinished(() => server.close());
  const host = `127.0.0.1:${server.port}`;
  return { host, url: new URL(`http://${host}/.well-known/jwks`), requests, sockets };
}

function openFetcher(env: Readonly<Record<string, string>> = {}): (url: URL) => Promise<string> {
  return createKeyFetcher({ config: resolveConfig({}, env).config, version: '1.2.3' });
}

/** What a host's keys cannot be had for. */
async function failureOf(url: URL): Promise<unknown> {
  return openFetcher()(url).catch((thrown: unknown) => thrown);
}

describe('the keys of a host', () => {
  test('are asked for once, in the name of the program or of the operator', async () => {
    const { url, requests } = await startHost((_request, response) => response.end('{"keys":[]}'));
    expect(await openFetcher()(url)).toBe('{"keys":[]}');
    await openFetcher({ CCT_USER_AGENT: 'operator/1' })(url);
    expect(requests.map(({ method, url: path, headers }) => [method, path, headers['user-agent'], headers.cookie])).toEqual([
      ['GET', '/.well-known/jwks', 'cct/1.2.3', undefined],
      ['GET', '/.well-known/jwks', 'operator/1', undefined],
    ]);
  });

  test('are asked for through the proxy', async () => {
    const { url } = await startHost((_request, response) => response.end('{"keys":[]}'));
    const proxy = await startFakeProxy();
    onTestFinished(() => proxy.close());
    expect(await openFetcher({ CCT_PROXY: proxy.url })(url)).toBe('{"keys":[]}');
    expect(proxy.requests).toEqual([{ method: 'GET', target: url.href }]);
  });

  test('leave no connection behind', async () => {
    const { url, sockets } = await startHost((_request, response) => response.end('{"keys":[]}'));
    await openFetcher()(url);
    const [socket] = sockets;
    if (socket && !socket.closed) await once(socket, 'close');
    expect(sockets).toHaveLength(1);
  });

  test.each([201, 204, 302, 404, 503])('are not taken with %i', async (status) => {
    const { url, host } = await startHost((_request, response) => response.writeHead(status).end());
    expect(await failureOf(url)).toMatchObject({
      code: 'unexpected-answer',
      message: `${host} answered ${status} instead of returning its keys`,
    });
  });

  test('may have 256 KiB and no byte more', async () => {
    const { url, host } = await startHost(({ url: path = '' }, response) => response.end('x'.repeat(Number(path.slice(1)))));
    const limit = 256 * 1024;
    expect(await openFetcher()(new URL(`/${limit}`, url))).toHaveLength(limit);
    expect(await failureOf(new URL(`/${limit + 1}`, url))).toMatchObject({
      code: 'unintelligible',
      message: `${host}'s answer is longer than 262,144 bytes`,
    });
  });

  test('are waited for 5 seconds', async () => {
    const { url, host } = await startHost(() => undefined);
    expect(await failureOf(url)).toMatchObject({
      code: 'unavailable',
      message: `${host} did not return its keys within 5000 ms`,
    });
  });
});
