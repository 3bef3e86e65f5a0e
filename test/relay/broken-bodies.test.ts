import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { ServerLimits } from '../../src/relay/http/server.ts';
import { createRelay, createTestMetrics } from '../helpers/relay.ts';
import { openRaw, waitUntil } from '../helpers/serve.ts';
import { serve } from './served-app.ts';
import { POST, exchange, parseAnswer } from './raw-answers.ts';

describe('a body that breaks off', () => {
  /** A relay that counts, and the values of a family whose series are not 0. */
  const start = async (limits: ServerLimits = {}) => {
    const metrics = createTestMetrics();
    const { log, app } = createRelay({ metrics });
    const served = await serve(app, limits);
    const counted = async (name: string) => {
      const lines = (await metrics.write({ inFlight: 0, waiting: 0, breaker: undefined })).split('\n');
      return lines.filter((line) => line.startsWith(name) && !line.endsWith(' 0'));
    };
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
    expect(await counted('cct_http_callers_left_total')).toEqual(['cct_http_callers_left_total{route="/observe/observables"} 1']);
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
      expect([line, problem.reason]).toEqual(['HTTP/1.1 408 Request Timeout', 'The body did not arrive in time']);
      await waitUntil(() => log.requests.length > 0);
      expect(log.requests).toMatchObject([{ status: 408, hasLeft: false, address: '127.0.0.1', route: '/observe/observables' }]);
      expect(await counted('cct_http_requests_total')).toEqual([
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
