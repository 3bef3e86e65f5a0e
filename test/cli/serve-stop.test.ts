import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenOnLoopback } from '../helpers/loopback-server.ts';
import { like, startMain } from '../helpers/run-cct.ts';
import { startServe, waitUntil } from '../helpers/serve.ts';
import { asking, openTracker, SAMPLE } from './live.ts';

describe('cct serve that is stopped', () => {
  test('ends with 0 when it is stopped, by any signal, and prints nothing on stdout', async () => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      const relay = await startServe(SAMPLE);
      expect(await relay.stop(signal)).toMatchObject({ status: 0, stdout: '' });
    }
  });

  test('ends with 0 when it is stopped before it listens', async () => {
    const run = startMain(['serve', '--port', '0', ...SAMPLE]);
    run.stop('SIGTERM');
    const { status, stderr } = await run.finished;
    expect([status, stderr]).toEqual([0, like(/listening on[^]*graceful shutdown: no new connections[^]*\n$/)]);
  });

  test('leaves no connection to the tracker behind when it is stopped', async () => {
    const sockets: Socket[] = [];
    const http = createServer((_request, response) => response.end('{}'));
    http.on('connection', (socket) => sockets.push(socket));
    const tracker = await listenOnLoopback(http);
    onTestFinished(() => tracker.close());
    const relay = await startServe(['--api-url', `http://127.0.0.1:${tracker.port}/`, '--retries', '0']);
    await relay.post('/observe/observables', [{ type: 'ip', value: '192.0.2.1' }]);
    const [socket] = sockets;
    expect([sockets.length, socket?.closed]).toEqual([1, false]);
    await relay.stop();
    if (socket && !socket.closed) await once(socket, 'close');
  });

  test('lets a request under way finish when it is stopped', async () => {
    const tracker = await openTracker({ latencyMs: 300 });
    const relay = await startServe(asking(tracker));
    const answer = relay.post('/observe/observables', [{ type: 'ip', value: '192.0.2.1' }]);
    await waitUntil(() => tracker.lookups().length === 1);
    const [response, run] = await Promise.all([answer, relay.stop()]);
    expect([await response.text(), run.status]).toEqual(['{"data":{}}\n', 0]);
  });
});
