import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { startServer } from '../helpers/live-tracker.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { readAnswer } from '../helpers/run-cct.ts';
import { openRaw, startServe, waitUntil } from '../helpers/serve.ts';
import { asking, openTracker } from './live.ts';
import { listings, PANEL, toObservables } from './serve-observables.ts';

describe('a deadline', () => {
  test('is answered with what is ready and one warning that names what is not', async () => {
    const tracker = await openTracker({
      listings,
      faultEverywhere: 'stalled-headers',
      faults: { [PANEL.value]: { kind: 'slow', delayMs: 0 } },
    });
    const relay = await startServe([...asking(tracker), '--deadline', '300ms']);
    const startedMs = performance.now();
    const response = await relay.post('/observe/observables', [PANEL, ...toObservables(7, 'late')]);
    const text = await response.text();
    expect(performance.now() - startedMs).toBeLessThan(5000);
    expect(validateAnswer(JSON.parse(text))).toEqual([]);
    expect(readAnswer(text)).toMatchObject({
      verdicts: [PANEL.value],
      errors: [
        {
          type: 'warning',
          code: 'service unavailable',
          message: `No answer within the deadline of 300 ms: ${toObservables(5, 'late')
            .map(({ value }) => value)
            .join(', ')} and 2 more`,
        },
      ],
    });
  });

  test('holds for health too', async () => {
    const tracker = await openTracker({ rootFault: 'stalled-headers' });
    const relay = await startServe([...asking(tracker), '--deadline', '200ms']);
    const response = await relay.post('/health', '');
    expect(await response.json()).toEqual({
      errors: [{ type: 'warning', code: 'service unavailable', message: 'No answer within the deadline of 200 ms' }],
    });
  });
});

describe('a caller that hangs up', () => {
  const toRequest = (observables: unknown) => {
    const body = JSON.stringify(observables);
    return `POST /observe/observables HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };

  test('stops its lookups', async () => {
    const tracker = await openTracker({ latencyMs: 500 });
    const relay = await startServe([...asking(tracker), '--concurrency', '2']);
    const raw = openRaw(relay.port);
    raw.send(toRequest(toObservables(100, 'left')));
    await waitUntil(() => tracker.lookups().length > 0);
    raw.socket.destroy();
    await relay.said(/"caller_left":true/);
    const asked = tracker.lookups().length;
    // Were they still wanted, they would be before this one.
    await relay.post('/observe/observables', [PANEL]);
    expect(tracker.lookups().length).toBeLessThanOrEqual(asked + 1);
    expect(asked).toBeLessThan(20);
  });

  test('leaves what another waits for', async () => {
    const held: ServerResponse[] = [];
    const url = await startServer((_request, response) => void held.push(response));
    const relay = await startServe(['--api-url', url, '--retries', '0', '--no-cache']);
    const raw = openRaw(relay.port);
    raw.send(toRequest([PANEL]));
    await waitUntil(() => held.length === 1);
    const other = relay.post('/observe/observables', [PANEL]);
    await relay.post('/version', '');
    raw.socket.destroy();
    await relay.said(/"caller_left":true/);
    held[0]?.end('{"message":"Malicious: Pony"}');
    expect(readAnswer(await (await other).text()).verdicts).toEqual([PANEL.value]);
    expect(held).toHaveLength(1);
  });
});
