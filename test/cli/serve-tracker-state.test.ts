import { describe, expect, test } from 'vitest';
import { like, readAnswer } from '../helpers/run-cct.ts';
import { startServe } from '../helpers/serve.ts';
import { asking, openTracker } from './live.ts';
import { listings, PANEL, toObservables } from './serve-observables.ts';

describe('a tracker that is down', () => {
  const down = { kind: 'status', status: 500 } as const;

  test('is told of once when that is found out, and once when it is there again', async () => {
    const tracker = await openTracker({ faultEverywhere: down, rootFault: down });
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
        msg: 'tracker is down; retrying one lookup every 10 s. The tracker answered 500 Internal Server Error',
      },
      { level: 'info', msg: 'tracker is reachable again' },
    ]);
  });

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
    expect(refused.errors).toMatchObject([{ code: 'service unavailable', message: like(/^Not looked up: the tracker is down/) }]);
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
    expect(errors).toMatchObject([{ type: 'fatal', message: like(/^Not looked up: the tracker is down/) }]);
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
