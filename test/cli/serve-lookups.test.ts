import { describe, expect, test } from 'vitest';
import { readAnswer } from '../helpers/run-cct.ts';
import { startServe, waitUntil } from '../helpers/serve.ts';
import { asking, openTracker } from './live.ts';
import { listings, PANEL, toObservables } from './serve-observables.ts';

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
