import { expect, test } from 'vitest';
import { readAnswer } from '../helpers/run-cct.ts';
import { openRaw, startServe, waitUntil } from '../helpers/serve.ts';
import { asking, openTracker } from './live.ts';

test('cct serve that is stopped ends what is under way 9 seconds after a stop, with what is ready, and cuts off the rest a second later', async () => {
  const tracker = await openTracker({
    faultEverywhere: 'stalled-headers',
    rootFault: 'stalled-headers',
    faults: { '192.0.2.2': { kind: 'slow', delayMs: 0 } },
  });
  const relay = await startServe([...asking(tracker), '--timeout', '1m', '--deadline', '1m']);
  const raw = openRaw(relay.port);
  raw.send('POST /observe/observables HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n12345');
  const answer = relay.post(
    '/observe/observables',
    ['192.0.2.1', '192.0.2.2'].map((value) => ({ type: 'ip', value })),
  );
  const health = relay.post('/health', '');
  await waitUntil(() => tracker.requests.length === 3);
  const stopped = relay.stop();
  expect(readAnswer(await (await answer).text()).errors).toMatchObject([
    { message: 'Interrupted before it was answered: 192.0.2.1' },
  ]);
  expect(await (await health).json()).toMatchObject({ errors: [{ message: 'Interrupted before it was answered' }] });
  expect([await raw.received(), (await stopped).status]).toEqual(['', 0]);
});
