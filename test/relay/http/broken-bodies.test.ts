import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { ServerLimits } from '../../../src/relay/http/server.ts';
import { createRelay, createTestMetrics } from '../../helpers/relay.ts';
import { openRaw, waitUntil } from '../../helpers/serve.ts';
import { serve } from '../served-app.ts';
import { POST, exchange, parseAnswer } from '../raw-answers.ts';

describe('a body that is incomplete', () => {
  /** A relay with metrics, and the series of a family that are not 0. */
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

  test.each([
    ['disconnects', 'Content-Length: 100\r\n\r\n[{"ty', (socket: Socket) => void socket.end()],
    ['resets', 'Transfer-Encoding: chunked\r\n\r\n5\r\n[{"ty\r\n', (socket: Socket) => void socket.resetAndDestroy()],
  ])('is logged as a caller that left, with its address: %s', async (_how, bytes, leave) => {
    const { port, log, refused, counted } = await start();
    const raw = openRaw(port);
    raw.send(POST + bytes);
    await once(raw.socket, 'connect');
    leave(raw.socket);
    await waitUntil(() => log.requests.length > 0);
    expect(log.requests).toMatchObject([{ route: '/observe/observables', hasLeft: true, address: '127.0.0.1' }]);
    expect(await counted('cct_http_callers_left_total')).toEqual(['cct_http_callers_left_total{route="/observe/observables"} 1']);
    expect(refused).toEqual([]);
  });

  test.each(['Content-Length: 100\r\n\r\n[{"ty', 'Transfer-Encoding: chunked\r\n\r\n5\r\n[{"ty\r\n'])(
    'is answered, logged and counted as 408 when it stalls: %j',
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

  test('is answered and logged as 400 when it is malformed', async () => {
    const { port, log, refused } = await start();
    const { line } = parseAnswer(await exchange(port, `${POST}Transfer-Encoding: chunked\r\n\r\nZZ\r\n[]\r\n`));
    expect(line).toBe('HTTP/1.1 400 Bad Request');
    await waitUntil(() => log.requests.length > 0);
    expect([log.requests, refused]).toMatchObject([[{ status: 400, hasLeft: false, address: '127.0.0.1' }], []]);
  });
});
