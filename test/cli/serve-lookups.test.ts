import { describe, expect, test } from 'vitest';
import { createDeferred } from '../core/samples.ts';
import { like, readAnswer } from '../helpers/run-cct.ts';
import { startServe, waitUntil } from '../helpers/serve.ts';
import { asking, openTracker } from './live.ts';
import { listings, PANEL, toObservables } from './serve-observables.ts';

describe('one key that many requests want', () => {
  test('at once is asked once', async () => {
    const { promise: allHere, resolve: answerPanel } = createDeferred<undefined>();
    const tracker = await openTracker({ listings, faults: { [PANEL.value]: { kind: 'held', until: allHere } } });
    const relay = await startServe([...asking(tracker), '--no-cache']);
    // The second observable of each request shows that its first was looked up too.
    const others = toObservables(20, 'other');
    const replies = others.map((other) => relay.post('/observe/observables', [PANEL, other]));
    await waitUntil(() => tracker.lookups().length === 1 + others.length);
    answerPanel(undefined);
    const texts = await Promise.all(replies.map(async (reply) => (await reply).text()));
    expect(texts.map((text) => readAnswer(text).verdicts)).toEqual(texts.map(() => [PANEL.value]));
    expect(tracker.lookups().filter(({ key }) => key === PANEL.value)).toHaveLength(1);
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
    const left = new AbortController();
    const stalled = relay.post('/deliberate/observables', hanging, { signal: left.signal }).then(
      () => (hasEnded = true),
      () => (hasEnded = true),
    );
    await waitUntil(() => tracker.lookups().length === 2);
    const answer = await (await relay.post('/deliberate/observables', [PANEL])).text();
    expect([readAnswer(answer).verdicts, hasEnded, tracker.maxInFlight]).toEqual([[PANEL.value], false, 2]);
    left.abort();
    await stalled;
  });

  test('end while attempts still fit: the tracker is called down, not late', async () => {
    const tracker = await openTracker({ faultEverywhere: 'stalled-headers', rootFault: 'stalled-headers' });
    const relay = await startServe([...asking(tracker), '--timeout', '400ms', '--retries', '10', '--deadline', '1100ms']);
    const { errors } = readAnswer(await (await relay.post('/observe/observables', [PANEL])).text());
    expect(errors).toMatchObject([{ type: 'fatal', code: 'service unavailable', message: like(/did not answer within 400 ms/) }]);
    expect(tracker.lookups()).toHaveLength(2);
  });

  test('go to one request after the other, not to all of them in turn', async () => {
    const release = createDeferred<undefined>();
    const tracker = await openTracker({ faultEverywhere: { kind: 'held', until: release.promise } });
    const relay = await startServe([...asking(tracker), '--concurrency', '1', '--metrics']);
    const names = ['a', 'b', 'c'];
    const answers: Promise<Response>[] = [];
    for (const name of names) {
      answers.push(relay.post('/deliberate/observables', toObservables(10, name)));
      const waiting = answers.length * 10 - 1;
      await expect.poll(async () => (await fetch(`${relay.url}/metrics`)).text()).toContain(`cct_lookups_waiting ${waiting}\n`);
    }
    release.resolve(undefined);
    await Promise.all(answers);
    expect(tracker.lookups().map(({ key }) => key?.charAt(0))).toEqual(names.flatMap((name) => Array<string>(10).fill(name)));
  });

  test('keep nobody waiting behind a request with 1,000 observables', async () => {
    const [first, second] = [createDeferred<undefined>(), createDeferred<undefined>()];
    const tracker = await openTracker({ listings, faultEverywhere: { kind: 'held', until: first.promise } });
    const relay = await startServe([...asking(tracker), '--concurrency', '2', '--metrics']);
    const waitForWaiting = async (count: number) => {
      const readFigures = async () => (await fetch(`${relay.url}/metrics`)).text();
      await expect.poll(readFigures).toContain(`cct_lookups_waiting ${count}\n`);
    };
    const placeOf = (wanted: string) => tracker.lookups().findIndex(({ key }) => key === wanted);
    const left = new AbortController();
    const many = toObservables(1000, 'many');
    const large = relay.post('/deliberate/observables', many, { signal: left.signal }).catch(() => undefined);
    await waitForWaiting(998);
    const small = relay.post('/deliberate/observables', [PANEL]);
    await waitForWaiting(999);
    tracker.set({
      faults: { [PANEL.value]: { kind: 'slow', delayMs: 0 } },
      faultEverywhere: { kind: 'held', until: second.promise },
    });
    first.resolve(undefined);
    expect(readAnswer(await (await small).text()).verdicts).toEqual([PANEL.value]);
    expect(placeOf(PANEL.value)).toBeLessThan(4);
    // One that the large request wants too, and would ask last. The one behind it shows that both wait.
    await waitUntil(() => tracker.lookups().length === 5);
    const shared = relay.post('/deliberate/observables', [...many.slice(-1), { type: 'ip', value: '192.0.2.1' }]);
    await waitForWaiting(997);
    second.resolve(undefined);
    await shared;
    expect(placeOf('many.example/999')).toBeLessThan(5 + 4);
    left.abort();
    await large;
  });
});
