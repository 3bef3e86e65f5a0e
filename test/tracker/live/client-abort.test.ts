import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { CctError, toCctError } from '../../../src/core/errors.ts';
import { orAborted, withTimeout } from '../../../src/tracker/cancellation.ts';
import { systemClock } from '../../../src/tracker/clock.ts';
import {
  failed,
  listed,
  openLive,
  patient,
  startLive,
  startServer,
  times,
  toKeys,
  unlisted,
} from '../../helpers/live-tracker.ts';

const HIT = '{"message":"Malicious: Pony"}';
const interrupted = failed('interrupted', 'service unavailable', 'Stopped');

function toTimedOut(timeoutMs: number) {
  return failed('unavailable', 'service unavailable', `The tracker did not answer within ${timeoutMs} ms`);
}

/** A signal, and what aborts it. */
function createStop() {
  const controller = new AbortController();
  return { signal: controller.signal, stop: () => controller.abort(new CctError('interrupted', 'Stopped')) };
}

describe('a signal that aborts', () => {
  test.each(['stalled-headers', 'stalled-body'] as const)(
    'ends all lookups at once, and those that wait are never sent: %s',
    async (fault) => {
      const live = await startLive({ faultEverywhere: fault }, { concurrency: 3, retries: 2 });
      const { signal, stop } = createStop();
      const told = live.askAll(toKeys(30), { signal });
      await expect.poll(() => live.fake.requests.length).toBe(3);
      stop();
      expect(await told).toEqual(times(30, interrupted));
      expect(live.fake.requests.length).toBe(3);
    },
  );

  test('before a lookup begins lets nothing be sent', async () => {
    const live = await startLive();
    const { signal, stop } = createStop();
    stop();
    expect(await live.askAll(toKeys(10), { signal })).toEqual(times(10, interrupted));
    await expect(live.tracker.ping({ signal })).rejects.toMatchObject({ code: 'interrupted', message: 'Stopped' });
    expect([live.fake.connections, live.fake.requests]).toEqual([0, []]);
  });

  test('with the deadline says so', async () => {
    const live = await startLive({ faultEverywhere: 'stalled-headers' });
    const controller = new AbortController();
    const told = live.ask('a.example', { signal: controller.signal });
    await expect.poll(() => live.fake.requests.length).toBe(1);
    controller.abort(new CctError('deadline', 'No answer within 5 s'));
    expect(await told).toEqual(failed('deadline', 'service unavailable', 'No answer within 5 s'));
  });

  test('ends the lookups of its own call and no others', async () => {
    const live = await startLive({ faults: { 'stalled.example': 'stalled-headers' } });
    const { signal, stop } = createStop();
    const told = live.ask('stalled.example', { signal });
    await expect.poll(() => live.fake.requests.length).toBe(1);
    const other = live.ask('a.example');
    stop();
    expect([await told, await other]).toEqual([interrupted, unlisted]);
  });

  test('ends a wait before the next try', async () => {
    const { signal, stop } = createStop();
    const live = await startLive(
      { faultEverywhere: { kind: 'status', status: 503, retryAfter: 30 } },
      { retries: 2, trace: ({ kind }) => void setImmediate(kind === 'retry' ? stop : () => undefined) },
    );
    expect(await live.ask('a.example', { signal })).toEqual(interrupted);
    expect(live.fake.requests.length).toBe(1);
  });

  test('ends a wait for a turn', async () => {
    const live = await startLive({}, { ratePerSecond: 0.001 });
    const { signal, stop } = createStop();
    expect(await live.ask('first.example', { signal })).toEqual(unlisted);
    const told = live.askAll(toKeys(10), { signal });
    stop();
    expect(await told).toEqual(times(10, interrupted));
    expect(live.fake.requests.length).toBe(1);
  });

  test('leaves a challenge to those who still wait for it', async () => {
    const held: ServerResponse[] = [];
    const url = await startServer(({ url: path = '', headers }, response) => {
      if (path.includes('__r=')) held.push(response);
      else if (headers.cookie === undefined) response.writeHead(307, { Location: `${path}&__r=1.a` }).end();
      else response.end(HIT);
    });
    const live = await openLive(url);
    const { signal, stop } = createStop();
    const left = live.ask('a.example', { signal });
    await expect.poll(() => held.length).toBe(1);
    const stayed = live.ask('b.example');
    stop();
    expect(await left).toEqual(interrupted);
    held[0]?.writeHead(302, { Location: '/' }).end();
    expect(await stayed).toEqual(listed('Pony'));
  });
});

describe('the timeout', () => {
  test('covers headers and body together', async () => {
    const url = await startServer((_request, response) => {
      setTimeout(() => response.write('{'), 200);
      setTimeout(() => response.end(HIT.slice(1)), 400);
    });
    expect(await (await openLive(url, { timeoutMs: 300 })).ask('a.example')).toEqual(toTimedOut(300));
  });

  test('covers all hops together', async () => {
    const url = await startServer(({ url: path = '' }, response) => {
      const hops = path.split('&hop').length;
      setTimeout(() => {
        if (hops === 4) response.end(HIT);
        else response.writeHead(302, { Location: `${path}&hop` }).end();
      }, 100);
    });
    expect(await (await openLive(url, { timeoutMs: 250 })).ask('a.example')).toEqual(toTimedOut(250));
  });

  test('covers a challenge that stalls, for all who wait for it', async () => {
    const url = await startServer(({ url: path = '' }, response) => {
      if (!path.includes('__r=')) response.writeHead(307, { Location: `${path}&__r=1.a` }).end();
    });
    const live = await openLive(url, { timeoutMs: 200, concurrency: 3 });
    expect(await live.askAll(toKeys(3))).toEqual(times(3, toTimedOut(200)));
  });

  test('covers a ping', async () => {
    const live = await startLive({ rootFault: 'stalled-headers' }, { timeoutMs: 150 });
    const message = 'The tracker did not answer within 150 ms';
    await expect(live.tracker.ping(patient)).rejects.toMatchObject({ code: 'unavailable', message });
  });
});

describe('withTimeout', () => {
  const onTimeout = () => new CctError('unavailable', 'Too slow');
  const untilAborted = (signal: AbortSignal) =>
    new Promise<string>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(toCctError(signal.reason)));
    });

  test('gives the result of what ends in time', async () => {
    const parent = createStop();
    expect(await withTimeout({ signal: parent.signal, timeoutMs: 10_000, onTimeout }, () => Promise.resolve('done'))).toBe(
      'done',
    );
  });

  test('aborts with the error of the timeout, or with the reason of the parent', async () => {
    const parent = createStop();
    const slow = withTimeout({ signal: parent.signal, timeoutMs: 1, onTimeout }, untilAborted);
    await expect(slow).rejects.toMatchObject({ code: 'unavailable', message: 'Too slow' });
    const stopped = withTimeout({ signal: parent.signal, timeoutMs: 10_000, onTimeout }, untilAborted);
    parent.stop();
    await expect(stopped).rejects.toMatchObject({ code: 'interrupted', message: 'Stopped' });
  });

  test('begins nothing when the parent has aborted', async () => {
    const parent = createStop();
    parent.stop();
    let begun = 0;
    const late = withTimeout({ signal: parent.signal, timeoutMs: 10_000, onTimeout }, () => Promise.resolve((begun += 1)));
    await expect(late).rejects.toMatchObject({ code: 'interrupted', message: 'Stopped' });
    expect(begun).toBe(0);
  });
});

describe('orAborted', () => {
  test('lets a rejection that nobody waits for any more go unheard', async () => {
    const { signal, stop } = createStop();
    stop();
    await expect(orAborted(Promise.reject(new Error('unheard')), signal)).rejects.toMatchObject({ message: 'Stopped' });
  });

  test('gives what comes before the signal', async () => {
    const { signal } = createStop();
    expect(await orAborted(Promise.resolve('done'), signal)).toBe('done');
    await expect(orAborted(Promise.reject(new Error('why')), signal)).rejects.toThrow('why');
  });
});

test("the system clock's sleep ends with the signal and its reason", async () => {
  const { signal, stop } = createStop();
  const sleeping = systemClock.sleep(600_000, signal);
  stop();
  await expect(sleeping).rejects.toMatchObject({ code: 'interrupted', message: 'Stopped' });
});
