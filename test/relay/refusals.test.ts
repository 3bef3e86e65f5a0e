import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { problemSchema } from '../../src/relay/openapi.ts';
import type { ServerLimits } from '../../src/relay/server.ts';
import { createDeferred } from '../core/samples.ts';
import { createRelay, createTestMetrics } from '../helpers/relay.ts';
import { openRaw, waitUntil } from '../helpers/serve.ts';
import { serve } from './served-app.ts';

/** Sends bytes and reads what comes until the connection is closed. */
async function exchange(port: number, bytes: string): Promise<string> {
  const raw = openRaw(port);
  raw.send(bytes);
  return raw.received();
}

/** The status, headers and problem of an answer. */
function parseAnswer(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [line = '', ...headers] = head.split('\r\n');
  return { line, headers, problem: problemSchema.parse(JSON.parse(body)) };
}

const POST = 'POST /observe/observables HTTP/1.1\r\nHost: relay.example\r\n';

describe('what is refused before it gets to the app', () => {
  const cases: readonly (readonly [what: string, bytes: string, line: string, reason: string, method: string | undefined])[] = [
    ['no HTTP', 'nonsense\r\n\r\n', '400 Bad Request', 'This is not HTTP, or broken', undefined],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400 Bad Request', 'This is not HTTP, or broken', undefined],
    [
      'two lengths',
      `${POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]`,
      '400 Bad Request',
      'This is not HTTP, or broken',
      undefined,
    ],
    ['no Host', 'GET /watchdog HTTP/1.1\r\n\r\n', '400 Bad Request', 'The request has no Host header', 'GET'],
    [
      'two Hosts',
      'GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n',
      '400 Bad Request',
      'The request has more than one Host header',
      'GET',
    ],
    [
      'two Hosts of HTTP/1.0',
      'GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n',
      '400 Bad Request',
      'The request has more than one Host header',
      'GET',
    ],
    ['a bad Host', 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n', '400 Bad Request', 'The request has no valid host or path', 'GET'],
    ['a bad path', 'GET http:// HTTP/1.1\r\nHost: a\r\n\r\n', '400 Bad Request', 'The request has no valid host or path', 'GET'],
    [
      'headers of 100 kB',
      `${POST}X-Big: ${'x'.repeat(100_000)}\r\n\r\n`,
      '431 Request Header Fields Too Large',
      'The headers are too long',
      undefined,
    ],
    [
      'an expectation',
      `${POST}Expect: wonders\r\n\r\n`,
      '417 Expectation Failed',
      'Nothing but 100-continue can be expected',
      'POST',
    ],
    [
      'CONNECT',
      'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n',
      '405 Method Not Allowed',
      'This is no proxy',
      'CONNECT',
    ],
    [
      'half a head',
      'GET / HTTP/1.1\r\nHost: relay.example\r\nX-A',
      '408 Request Timeout',
      'The request did not come in time',
      undefined,
    ],
    ['nothing at all', '', '408 Request Timeout', 'The request did not come in time', undefined],
  ];

  test.each(cases)('%s is answered, and told of once with its address', async (_what, bytes, line, reason, method) => {
    const { log, app } = createRelay();
    // A loaded machine needs longer than that for what is no timeout.
    const limits = line.startsWith('408') ? { headersTimeoutMs: 100, requestTimeoutMs: 100 } : {};
    const { port, refused } = await serve(app, limits);
    const answer = parseAnswer(await exchange(port, bytes));
    const status = Number(line.slice(0, 3));
    expect(answer.line).toBe(`HTTP/1.1 ${line}`);
    expect(answer.headers).toEqual(
      expect.arrayContaining([
        'Content-Type: application/json; charset=utf-8',
        'X-Content-Type-Options: nosniff',
        'Connection: close',
      ]),
    );
    expect(answer.problem).toEqual({ code: status, message: line.slice(4), reason });
    expect(refused).toEqual([{ status, reason, method, address: '127.0.0.1' }]);
    expect(log.requests).toEqual([]);
  });

  test('CONNECT says what is allowed', async () => {
    const { port } = await serve(createRelay().app);
    const answer = await exchange(port, 'CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n');
    expect(answer).toContain('\r\nAllow: GET, HEAD, POST\r\n');
  });

  test('a connection beyond the cap is told of', async () => {
    const { port, refused } = await serve(createRelay().app, { maxConnections: 1 });
    const kept = openRaw(port);
    kept.send('GET /watchdog HTTP/1.1\r\nHost: a\r\n\r\n');
    await kept.received(/ 200 /);
    const late = connect(port, '127.0.0.1');
    late.on('error', () => undefined);
    await once(late, 'close');
    await waitUntil(() => refused.length > 0);
    expect(refused).toEqual([
      { status: undefined, reason: 'There are too many connections', method: undefined, address: '127.0.0.1' },
    ]);
  });

  test.each<[what: string, bytes: string, limits: ServerLimits]>([
    ['garbage', 'nonsense\r\n\r\n', {}],
    ['a request with a broken body', `${POST}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`, {}],
    ['the beginning of a request that stalls', 'GET / HTTP/1.1\r\nHo', { headersTimeoutMs: 100 }],
  ])('%s behind a request in the same packet is refused, and costs that none of its answer', async (_what, bytes, limits) => {
    const { log, app } = createRelay();
    const { port, refused } = await serve(app, limits);
    const observed = `${POST}Content-Length: 2\r\n\r\n[]`;
    const answer = await exchange(port, observed + bytes);
    expect(answer.match(/HTTP\/1\.1 \d+|{"data":{}}/g)?.slice(0, 2)).toEqual(['HTTP/1.1 200', '{"data":{}}']);
    await waitUntil(() => log.requests.length + refused.length === 2);
    expect(log.requests[0]).toMatchObject({ status: 200, hasLeft: false });
  });

  test('garbage behind requests under way is told of once, and the connection closed behind their answers', async () => {
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

  test('garbage behind a request that was answered is answered', async () => {
    const { port } = await serve(createRelay().app);
    const raw = openRaw(port);
    raw.send('GET /watchdog HTTP/1.1\r\nHost: a\r\n\r\n');
    await raw.received(/ 200 /);
    raw.send('nonsense\r\n\r\n');
    expect((await raw.received()).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
  });
});

test('HTTP/1.0 needs no Host', async () => {
  const { log, app } = createRelay();
  const { port, refused } = await serve(app);
  expect(await exchange(port, 'GET /watchdog HTTP/1.0\r\nHealth-Check: a1\r\n\r\n')).toMatch(
    /^HTTP\/1.1 200 .*{"data":"a1"}\n$/s,
  );
  expect([refused, log.requests.map(({ status }) => status)]).toEqual([[], [200]]);
});

describe('a body that breaks off', () => {
  /** A relay that counts, and the values of a family whose series are not 0. */
  const start = async (limits: ServerLimits = {}) => {
    const metrics = createTestMetrics();
    const { log, app } = createRelay({ metrics });
    const served = await serve(app, limits);
    const counted = (name: string) =>
      metrics
        .write({ inFlight: 0, waiting: 0, breaker: undefined })
        .split('\n')
        .filter((line) => line.startsWith(name) && !line.endsWith(' 0'));
    return { ...served, log, counted };
  };

  test('since the caller left is logged as such, with its address', async () => {
    const { port, log, refused, counted } = await start();
    const raw = openRaw(port);
    raw.send(`${POST}Content-Length: 100\r\n\r\n[{"ty`);
    await once(raw.socket, 'connect');
    raw.socket.end();
    await waitUntil(() => log.requests.length > 0);
    expect(log.requests).toMatchObject([{ route: '/observe/observables', hasLeft: true, address: '127.0.0.1' }]);
    expect(counted('cct_http_callers_left_total')).toEqual(['cct_http_callers_left_total{route="/observe/observables"} 1']);
    expect(refused.length).toBe(0);
  });

  test('since the connection was reset is logged so too', async () => {
    const { port, log } = await start();
    const raw = openRaw(port);
    raw.send(`${POST}Transfer-Encoding: chunked\r\n\r\n5\r\n[{"ty\r\n`);
    await once(raw.socket, 'connect');
    raw.socket.resetAndDestroy();
    await waitUntil(() => log.requests.length > 0);
    expect(log.requests).toMatchObject([{ hasLeft: true, address: '127.0.0.1' }]);
  });

  test.each(['Content-Length: 100\r\n\r\n[{"ty', 'Transfer-Encoding: chunked\r\n\r\n5\r\n[{"ty\r\n'])(
    'since it stalls is answered, logged and counted as 408: %j',
    async (bytes) => {
      const { port, log, refused, counted } = await start({ headersTimeoutMs: 100, requestTimeoutMs: 100 });
      const { line, problem } = parseAnswer(await exchange(port, POST + bytes));
      expect([line, problem.reason]).toEqual(['HTTP/1.1 408 Request Timeout', 'The body did not come in time']);
      await waitUntil(() => log.requests.length > 0);
      expect(log.requests).toMatchObject([{ status: 408, hasLeft: false, address: '127.0.0.1', route: '/observe/observables' }]);
      expect(counted('cct_http_requests_total')).toEqual([
        'cct_http_requests_total{route="/observe/observables",status="408"} 1',
      ]);
      expect(refused).toEqual([]);
    },
  );

  test('since it is broken is answered and logged as 400', async () => {
    const { port, log, refused } = await start();
    const { line } = parseAnswer(await exchange(port, `${POST}Transfer-Encoding: chunked\r\n\r\nZZ\r\n[]\r\n`));
    expect(line).toBe('HTTP/1.1 400 Bad Request');
    await waitUntil(() => log.requests.length > 0);
    expect([log.requests, refused]).toMatchObject([[{ status: 400, hasLeft: false, address: '127.0.0.1' }], []]);
  });
});
