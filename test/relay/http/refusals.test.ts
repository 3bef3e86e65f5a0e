import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { ProblemStatus } from '../../../src/relay/http/problem.ts';
import { PROBLEM_PHRASES } from '../../../src/relay/http/problem.ts';
import type { ServerLimits } from '../../../src/relay/http/server.ts';
import { createDeferred } from '../../core/samples.ts';
import { createRelay } from '../../helpers/relay.ts';
import { openRaw, waitUntil } from '../../helpers/serve.ts';
import { serve } from '../served-app.ts';
import { POST, exchange, parseAnswer } from '../raw-answers.ts';

const NO_HTTP = 'The request is not valid HTTP';
const BAD_URL = 'The request has an invalid host or path';
const TWO_HOSTS = 'The request has more than one Host header';
const UNKNOWN = 'The relay does not support this method';
const LATE = 'The request did not arrive in time';
const NO_LENGTH = `${POST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`;

type Case = readonly [what: string, bytes: string, status: ProblemStatus, reason: string, method: string | undefined];

const cases: readonly Case[] = [
  ['garbage', 'nonsense\r\n\r\n', 400, NO_HTTP, undefined],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, NO_HTTP, undefined],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, NO_HTTP, undefined],
  ['a method with a byte that none has', 'G\xe9T / HTTP/1.1\r\nHost: a\r\n\r\n', 400, NO_HTTP, undefined],
  ['a request line without a target', 'FOO HTTP/1.1\r\nHost: a\r\n\r\n', 400, NO_HTTP, undefined],
  ['another protocol', 'FOO / RTSP/1.0\r\n\r\n', 400, NO_HTTP, undefined],
  ['an unknown method', 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n', 501, UNKNOWN, undefined],
  ['a method and more', 'GETX /?a HTTP/1.0\r\n\r\n', 501, UNKNOWN, undefined],
  ['a method in lower case', '\r\npost /health HTTP/1.1\nHost: a\n\n', 501, UNKNOWN, undefined],
  ['a method of RTSP', 'FLUSH http://a/ HTTP/1.1\r\nHost: a\r\n\r\n', 501, UNKNOWN, undefined],
  ['two lengths', `${POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]`, 400, NO_HTTP, undefined],
  ['a length and chunks', NO_LENGTH, 400, NO_HTTP, undefined],
  ['no Host', 'GET /watchdog HTTP/1.1\r\n\r\n', 400, 'The request has no Host header', 'GET'],
  ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n', 400, TWO_HOSTS, 'GET'],
  ['two Hosts of HTTP/1.0', 'GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n', 400, TWO_HOSTS, 'GET'],
  ['an invalid Host', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 400, BAD_URL, 'GET'],
  ['a path in Host', 'GET / HTTP/1.1\r\nHost: relay.example/../x\r\n\r\n', 400, BAD_URL, 'GET'],
  ['an invalid path', 'GET http:// HTTP/1.1\r\nHost: a\r\n\r\n', 400, BAD_URL, 'GET'],
  ['a backslash', 'GET \\x HTTP/1.1\r\nHost: a\r\n\r\n', 400, NO_HTTP, undefined],
  ['headers of 100 kB', `${POST}X-Big: ${'x'.repeat(100_000)}\r\n\r\n`, 431, 'The headers are too long', undefined],
  ['1,000 headers', `${POST}${'A: b\r\n'.repeat(999)}\r\n`, 431, 'The request has too many headers', 'POST'],
  ['Expect', `${POST}Expect: wonders\r\n\r\n`, 417, 'The only supported Expect header is 100-continue', 'POST'],
  ['CONNECT', 'CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\n\r\n', 405, 'The relay is not a proxy', 'CONNECT'],
  ['half a head', 'GET / HTTP/1.1\r\nHost: relay.example\r\nX-A', 408, LATE, undefined],
  ['nothing at all', '', 408, LATE, undefined],
];

describe('a request that does not reach the app', () => {
  test.each(cases)('is answered and reported once, with its address: %s', async (_what, bytes, status, reason, method) => {
    const { log, app } = createRelay();
    // A loaded machine needs longer for what is no timeout.
    const limits = status === 408 ? { headersTimeoutMs: 100, requestTimeoutMs: 100 } : {};
    const { port, refused } = await serve(app, limits);
    const answer = parseAnswer(await exchange(port, bytes));
    const message = PROBLEM_PHRASES[status];
    expect(answer.line).toBe(`HTTP/1.1 ${status} ${message}`);
    const headers = ['Content-Type: application/json; charset=utf-8', 'X-Content-Type-Options: nosniff', 'Connection: close'];
    expect(answer.headers).toEqual(expect.arrayContaining(headers));
    expect(answer.problem).toEqual({ code: status, message, reason });
    expect(refused).toEqual([{ status, reason, method, address: '127.0.0.1' }]);
    expect(log.requests).toEqual([]);
  });

  test('has the allowed methods for CONNECT', async () => {
    const { port } = await serve(createRelay().app);
    const answer = await exchange(port, 'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n');
    expect(answer).toContain('\r\nAllow: GET, HEAD, POST\r\n');
  });

  test('is none when its connection is dropped, which is reported', async () => {
    const { port, refused } = await serve(createRelay().app, { maxConnections: 1 });
    const kept = openRaw(port);
    kept.send('GET /watchdog HTTP/1.1\r\nHost: a\r\n\r\n');
    await kept.received(/ 200 /);
    const late = connect(port, '127.0.0.1');
    late.on('error', () => undefined);
    await once(late, 'close');
    await waitUntil(() => refused.length > 0);
    expect(refused).toEqual([{ status: undefined, reason: 'Too many connections', method: undefined, address: '127.0.0.1' }]);
  });

  test.each<[what: string, bytes: string, limits: ServerLimits]>([
    ['garbage', 'nonsense\r\n\r\n', {}],
    ['a request with a broken body', `${POST}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`, {}],
    ['the beginning of a request that stalls', 'GET / HTTP/1.1\r\nHo', { headersTimeoutMs: 100 }],
  ])('does not affect the request before it in the same packet: %s', async (_what, bytes, limits) => {
    const { log, app } = createRelay();
    const { port, refused } = await serve(app, limits);
    const observed = `${POST}Content-Length: 2\r\n\r\n[]`;
    const answer = await exchange(port, observed + bytes);
    expect(answer.match(/HTTP\/1\.1 \d+|{"data":{}}/g)?.slice(0, 2)).toEqual(['HTTP/1.1 200', '{"data":{}}']);
    await waitUntil(() => log.requests.length + refused.length === 2);
    expect(log.requests[0]).toMatchObject({ status: 200, hasLeft: false });
  });

  test('is reported once behind requests in progress, and closes the connection after their answers', async () => {
    const finish = createDeferred<undefined>();
    let arrived = 0;
    const { port, refused } = await serve(async () => {
      arrived += 1;
      await finish.promise;
      return new Response('finished');
    });
    const raw = openRaw(port);
    raw.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2));
    raw.send('nonsense\r\n\r\n');
    raw.send('nonsense\r\n\r\n');
    await waitUntil(() => arrived === 2 && refused.length > 0);
    finish.resolve(undefined);
    expect((await raw.received()).match(/HTTP\/1\.1 \d+|finished|Connection: \S+/g)).toEqual([
      'HTTP/1.1 200',
      'Connection: keep-alive',
      'finished',
      'HTTP/1.1 200',
      'Connection: close',
      'finished',
    ]);
    expect(refused).toMatchObject([{ status: 400 }]);
  });

  test('is judged by its own line in a packet', async () => {
    const { port, refused } = await serve(createRelay().app);
    await exchange(port, 'GET /watchdog HTTP/1.1\r\nHost: a\r\n\r\nFOO / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(refused).toMatchObject([{ status: 501 }]);
  });

  test.each([
    ['nonsense\r\n\r\n', 400],
    ['FOO / HTTP/1.1\r\n\r\n', 501],
  ])('is answered behind an answered request: %j', async (bytes, status) => {
    const { port } = await serve(createRelay().app);
    const raw = openRaw(port);
    raw.send('GET /watchdog HTTP/1.1\r\nHost: a\r\n\r\n');
    await raw.received(/ 200 /);
    raw.send(bytes);
    expect((await raw.received()).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', `HTTP/1.1 ${status}`]);
  });
});

test('HTTP/1.0 requires no Host', async () => {
  const { log, app } = createRelay();
  const { port, refused } = await serve(app);
  expect(await exchange(port, 'GET /watchdog HTTP/1.0\r\nHealth-Check: a1\r\n\r\n')).toMatch(
    /^HTTP\/1.1 200 .*{"data":"a1"}\n$/s,
  );
  expect([refused, log.requests.map(({ status }) => status)]).toEqual([[], [200]]);
});
