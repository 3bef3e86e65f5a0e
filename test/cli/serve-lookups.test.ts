import { describe, expect, test } from 'vitest';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { like, readAnswer } from '../helpers/run-cct.ts';
import { openRaw, startServe, waitUntil } from '../helpers/serve.ts';
import { asking, openTracker } from './live.ts';

const PANEL = { type: 'ip', value: '198.51.100.60' };
const listings = { [PANEL.value]: 'Malicious: Pony' };

/** As many different observables as wanted. */
function toObservables(count: number, name: string) {
  return Array.from({ length: count }, (_, at) => ({ type: 'url', value: `http://${name}.example/${at}` }));
}

describe('one key that many requests want', () => {
  test('at once is asked once', async () => {
    const tracker = await openTracker({ listings, latencyMs: 100 });
    const relay = await startServe([...asking(tracker), '--no-cache']);
    const replies = await Promise.all(Array.from({ length: 20 }, () => relay.post('/observe/observables', [PANEL])));
    const texts = await Promise.all(replies.map((reply) => reply.text()));
    expect(texts.map((text) => readAnswer(text).verdicts)).toEqual(texts.map(() => [PANEL.value]));
    expect(tracker.lookups()).toHaveLength(1);
  });

  test('one after the other is asked once, and remembered with the moment of its answer', async () => {
    const tracker = await openTracker({ listings });
    let nowMs = Date.UTC(2026, 0, 2);
    const relay = await startServe(asking(tracker), { now: () => new Date(nowMs) });
    const first = await (await relay.post('/deliberate/observables', [PANEL])).text();
    nowMs += 60_000;
    const second = await (await relay.post('/deliberate/observables', [PANEL, { type: 'ip', value: '192.0.2.1' }])).text();
    expect(second).toBe(first);
    expect(tracker.lookups().map(({ key }) => key)).toEqual([PANEL.value, '192.0.2.1']);
  });

  test('is asked again when its answer has grown old', async () => {
    const tracker = await openTracker({ listings });
    let nowMs = Date.UTC(2026, 0, 2);
    const relay = await startServe([...asking(tracker), '--cache-ttl', '10s'], { now: () => new Date(nowMs) });
    await relay.post('/deliberate/observables', [PANEL]);
    nowMs += 9_999;
    await relay.post('/deliberate/observables', [PANEL]);
    expect(tracker.lookups()).toHaveLength(1);
    nowMs += 1;
    await relay.post('/deliberate/observables', [PANEL]);
    expect(tracker.lookups()).toHaveLength(2);
  });

  test('is asked each time with --no-cache and with --refresh', async () => {
    for (const flag of ['--no-cache', '--refresh']) {
      const tracker = await openTracker({ listings });
      const relay = await startServe([...asking(tracker), flag]);
      for (let asked = 0; asked < 3; asked += 1) await relay.post('/deliberate/observables', [PANEL]);
      expect(tracker.lookups()).toHaveLength(3);
    }
  });

  test('is asked again after a failure, which is never remembered', async () => {
    const tracker = await openTracker({ listings, faultEverywhere: 'html', failFirst: 1 });
    const relay = await startServe(asking(tracker));
    const first = await (await relay.post('/deliberate/observables', [PANEL])).text();
    const second = await (await relay.post('/deliberate/observables', [PANEL])).text();
    expect(readAnswer(first).errors).toMatchObject([{ code: 'key error' }]);
    expect(readAnswer(second)).toMatchObject({ verdicts: [PANEL.value], errors: [] });
  });
});

describe('a tracker that is down', () => {
  test('is told of once when that is found out, and once when it is there again', async () => {
    const fault = { kind: 'status', status: 500 } as const;
    const tracker = await openTracker({ faultEverywhere: fault, rootFault: fault });
    let nowMs = Date.UTC(2026, 0, 2);
    const relay = await startServe(asking(tracker), { now: () => new Date(nowMs) });
    await relay.post('/deliberate/observables', toObservables(20, 'a'));
    await relay.post('/deliberate/observables', toObservables(20, 'b'));
    tracker.set({ faultEverywhere: undefined });
    nowMs += 10_000;
    const text = await (await relay.post('/deliberate/observables', toObservables(20, 'c'))).text();
    expect(text).toBe('{"data":{}}\n');
    const told = relay.logged().filter(({ msg }) => msg !== 'request' && !msg.startsWith('listening'));
    expect(told).toMatchObject([
      {
        level: 'warn',
        msg: 'the tracker is down, and is asked no more but for one lookup each 10 s. The tracker answered 500 Internal Server Error',
      },
      { level: 'info', msg: 'the tracker is there again, and is asked' },
    ]);
  });
});

describe('the limits on lookups', () => {
  test('hold over all requests together', async () => {
    const tracker = await openTracker({ latencyMs: 20 });
    const relay = await startServe([...asking(tracker), '--concurrency', '3']);
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => relay.post('/deliberate/observables', toObservables(10, name))));
    expect(tracker.lookups()).toHaveLength(40);
    expect(tracker.maxInFlight).toBe(3);
  });

  test('keep nobody waiting behind lookups that hang, longer than one attempt of them', async () => {
    const hanging = toObservables(2, 'hanging');
    const tracker = await openTracker({
      listings,
      faults: Object.fromEntries(hanging.map(({ value }) => [value.slice('http://'.length), 'stalled-headers'])),
    });
    const relay = await startServe([...asking(tracker), '--concurrency', '2', '--timeout', '200ms', '--retries', '10']);
    let hasEnded = false;
    const stalled = relay.post('/deliberate/observables', hanging, { signal: AbortSignal.timeout(3_000) }).then(
      () => (hasEnded = true),
      () => (hasEnded = true),
    );
    await waitUntil(() => tracker.lookups().length === 2);
    const answer = await (await relay.post('/deliberate/observables', [PANEL])).text();
    expect([readAnswer(answer).verdicts, hasEnded, tracker.maxInFlight]).toEqual([[PANEL.value], false, 2]);
    await stalled;
  });

  test('keep nobody waiting behind a request with 1,000 observables', async () => {
    const tracker = await openTracker({ latencyMs: 20 });
    const relay = await startServe([...asking(tracker), '--concurrency', '2']);
    const left = new AbortController();
    const large = relay
      .post('/deliberate/observables', toObservables(1000, 'many'), { signal: left.signal })
      .catch(() => undefined);
    await waitUntil(() => tracker.lookups().length > 2);
    const before = tracker.lookups().length;
    await relay.post('/deliberate/observables', [PANEL]);
    const after = tracker.lookups();
    expect(after.map(({ key }) => key).indexOf(PANEL.value)).toBeLessThan(before + 4);
    // One that the large request wants too, and would ask last.
    await relay.post('/deliberate/observables', toObservables(1000, 'many').slice(-1));
    expect(
      tracker
        .lookups()
        .map(({ key }) => key)
        .indexOf('many.example/999'),
    ).toBeLessThan(after.length + 6);
    left.abort();
    await large;
  });
});

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
          message: `Not answered within the deadline of 300 ms: ${toObservables(5, 'late')
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
      errors: [{ type: 'warning', code: 'service unavailable', message: 'Not answered within the deadline of 200 ms' }],
    });
  });
});

describe('a caller that hangs up', () => {
  const toRequest = (observables: unknown) => {
    const body = JSON.stringify(observables);
    return `POST /observe/observables HTTP/1.1\r\nHost: relay.example\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };

  test('stops its lookups', async () => {
    const tracker = await openTracker({ latencyMs: 50 });
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
    expect(asked).toBeLessThan(10);
  });

  test('leaves what another waits for', async () => {
    const tracker = await openTracker({ listings, latencyMs: 200 });
    const relay = await startServe([...asking(tracker), '--no-cache']);
    const raw = openRaw(relay.port);
    raw.send(toRequest([PANEL]));
    await waitUntil(() => tracker.lookups().length === 1);
    const other = relay.post('/observe/observables', [PANEL]);
    await relay.post('/version', '');
    raw.socket.destroy();
    expect(readAnswer(await (await other).text()).verdicts).toEqual([PANEL.value]);
    expect(tracker.lookups()).toHaveLength(1);
  });
});

describe('a tracker that is down', () => {
  const down = { kind: 'status', status: 500 } as const;

  test('is not asked any more, is tried every 10 seconds, and is asked again when it is back', async () => {
    const tracker = await openTracker({ listings, faultEverywhere: down, rootFault: down });
    let nowMs = Date.UTC(2026, 0, 2);
    const relay = await startServe([...asking(tracker), '--concurrency', '1', '--metrics'], { now: () => new Date(nowMs) });
    const ask = async (observables: unknown) => readAnswer(await (await relay.post('/observe/observables', observables)).text());
    const state = async () =>
      /cct_breaker_state\{state="(\w[\w-]*)"\} 1/.exec(await (await fetch(`${relay.url}/metrics`)).text())?.[1];

    await ask(toObservables(20, 'down'));
    expect([tracker.lookups().length, await state()]).toEqual([5, 'open']);
    const refused = await ask([PANEL]);
    expect(refused.errors).toMatchObject([
      { code: 'service unavailable', message: like(/^Not asked, because the tracker is down/) },
    ]);
    expect(tracker.lookups()).toHaveLength(5);

    nowMs += 9_999;
    await ask(toObservables(20, 'too-early'));
    expect(tracker.lookups()).toHaveLength(5);
    nowMs += 1;
    await ask(toObservables(20, 'still-down'));
    expect([tracker.lookups().length, await state()]).toEqual([6, 'open']);

    tracker.set({ faultEverywhere: undefined, rootFault: undefined });
    await ask([PANEL]);
    expect(tracker.lookups()).toHaveLength(6);
    nowMs += 10_000;
    expect((await ask([PANEL])).verdicts).toEqual([PANEL.value]);
    expect(await state()).toBe('closed');
    await ask(toObservables(20, 'back'));
    expect(tracker.lookups()).toHaveLength(27);
  });

  test('by never answering counts as down although each request has its deadline', async () => {
    const tracker = await openTracker({ faultEverywhere: 'stalled-headers', rootFault: down });
    const relay = await startServe(['--api-url', tracker.url, '--timeout', '100ms', '--retries', '10', '--deadline', '400ms']);
    await relay.post('/observe/observables', toObservables(6, 'silent'));
    const { errors } = readAnswer(await (await relay.post('/observe/observables', [PANEL])).text());
    expect(errors).toMatchObject([{ type: 'fatal', message: like(/^Not asked, because the tracker is down/) }]);
  });
});

describe('health', () => {
  test('asks the tracker itself, and at most once in 10 seconds', async () => {
    const tracker = await openTracker();
    let nowMs = Date.UTC(2026, 0, 2);
    const relay = await startServe(asking(tracker), { now: () => new Date(nowMs) });
    const ask = async () => (await relay.post('/health', '')).text();
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(Array.from({ length: 3 }, () => '{"data":{"status":"ok"}}\n'));
    nowMs += 9_999;
    await ask();
    expect(tracker.requests.map(({ path }) => path)).toEqual(['/', '/query.php?url=192.0.2.1']);
    tracker.set({ faultEverywhere: 'html' });
    nowMs += 1;
    expect(JSON.parse(await ask())).toMatchObject({ errors: [{ code: 'key error' }] });
    expect(tracker.requests).toHaveLength(4);
  });
});
