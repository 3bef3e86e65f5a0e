import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import type { LookupContext } from '../../../src/core/lookups/tracker.ts';
import { systemClock } from '../../../src/tracker/clock.ts';
import { createPacer } from '../../../src/tracker/live/pacer.ts';
import {
  createTestClock,
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

const MIB = 1024 ** 2;
const TOO_LONG = failed('unintelligible', 'key error', "The tracker's answer is longer than 1,048,576 bytes");

/** A hit that is so many bytes long. */
function toHit(bytes: number): string {
  const frame = '{"message":"Malicious: Pony","more":""}';
  return frame.replace('""', `"${'x'.repeat(bytes - frame.length)}"`);
}

describe('an answer', () => {
  test('of 1 MiB is read', async () => {
    const live = await openLive(await startServer((_request, response) => void response.end(toHit(MIB))));
    expect(await live.ask('a.example')).toEqual(listed('Pony'));
  });

  test('of one byte more is not', async () => {
    const live = await openLive(await startServer((_request, response) => void response.end(toHit(MIB + 1))));
    expect(await live.ask('a.example')).toEqual(TOO_LONG);
  });

  test('of 1 GiB is left soon after the first MiB, however many of them come', async () => {
    const live = await startLive({ faultEverywhere: 'huge' });
    expect(await live.askAll(toKeys(30))).toEqual(times(30, TOO_LONG));
    // The rest is what the buffers of the connections hold.
    expect(live.fake.hugeBytesWritten / MIB).toBeLessThan(30 * 32);
  });

  test('of 1 GiB takes no memory', async () => {
    const live = await startLive({ faultEverywhere: 'huge' });
    const heldBefore = process.memoryUsage().arrayBuffers;
    await live.askAll(toKeys(30));
    expect((process.memoryUsage().arrayBuffers - heldBefore) / MIB).toBeLessThan(256);
  });

  test('that unpacks to more than 1 MiB is left too', async () => {
    const packed = gzipSync(Buffer.alloc(64 * MIB, 'x'));
    const url = await startServer((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(packed);
    });
    expect(await (await openLive(url)).ask('a.example')).toEqual(TOO_LONG);
  });

  test('that is packed is unpacked', async () => {
    const url = await startServer((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('{"message":"Malicious: Pony"}'));
    });
    expect(await (await openLive(url)).ask('a.example')).toEqual(listed('Pony'));
  });

  test('that says it is packed and is not is not understood', async () => {
    const url = await startServer((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('{"message":"Unknown url"}');
    });
    const message = "Cannot decompress the tracker's answer (incorrect header check)";
    expect(await (await openLive(url)).ask('a.example')).toEqual(failed('unintelligible', 'key error', message));
  });

  test('of an error status is not read', async () => {
    const closings: Promise<unknown>[] = [];
    const url = await startServer((_request, response) => {
      closings.push(once(response, 'close'));
      response.writeHead(500).write('This goes on for ever');
    });
    const live = await openLive(url);
    const message = 'The tracker answered 500 Internal Server Error';
    expect(await live.ask('a.example')).toEqual(failed('unavailable', 'service unavailable', message));
    expect(closings.length).toBe(1);
    await Promise.all(closings);
  });
});

describe('lookups in flight', () => {
  test.each([1, 3, 6, 20])('are %i at the most when so many were wanted', async (concurrency) => {
    const live = await startLive({ latencyMs: 10 * concurrency }, { concurrency });
    expect(await live.askAll(toKeys(40))).toEqual(times(40, unlisted));
    expect(live.fake.maxInFlight).toBe(concurrency);
  });

  test('use no more connections than that, again and again', async () => {
    const live = await startLive({ latencyMs: 5 }, { concurrency: 4 });
    await live.askAll(toKeys(40));
    await live.askAll(toKeys(40));
    expect([live.fake.lookups().length, live.fake.connections]).toEqual([80, 4]);
  });

  test('one after another use one connection', async () => {
    const live = await startLive({}, { concurrency: 6 });
    for (const key of toKeys(10)) await live.ask(key);
    await live.tracker.ping(patient);
    expect([live.fake.requests.length, live.fake.connections]).toEqual([11, 1]);
  });

  test('do not count a lookup that pauses before its retry', async () => {
    const pauses: (() => void)[] = [];
    const clock = { ...createTestClock(), sleep: () => new Promise<void>((resolve) => pauses.push(resolve)) };
    const live = await startLive(
      { faults: { 'k0.example/x': { kind: 'status', status: 503 } } },
      { concurrency: 1, retries: 1, clock },
    );
    const given = live.askAll(toKeys(3));
    await expect.poll(() => live.fake.lookups().length).toBe(3);
    for (const end of pauses) end();
    await given;
    expect(live.fake.lookups().map(({ key }) => key)).toEqual(['k0.example/x', 'k1.example/x', 'k2.example/x', 'k0.example/x']);
  });

  test('begin with those of the caller with the fewest open ones, and none that was given up', async () => {
    const live = await startLive({ latencyMs: 20 }, { concurrency: 1 });
    const leaving = new AbortController();
    const of = (openLookups: number, deadlineAtMs = Infinity) => ({ ...patient, caller: { openLookups, deadlineAtMs } });
    const large = of(9);
    const ask = (key: string, context: LookupContext) => live.ask(key, context);
    const given = [
      ask('first', patient),
      ...['a', 'b'].map((key) => ask(key, large)),
      ask('late', of(2, 2_000_000_000)),
      ask('early', of(2, 1_000_000_000)),
      ask('alone', patient),
      ask('gone', { signal: leaving.signal }),
      ask('alone too', patient),
    ];
    expect([live.tracker.inFlight, live.tracker.waiting]).toEqual([1, 7]);
    leaving.abort(new CctError('interrupted', 'Stopped'));
    await Promise.all(given);
    const order = ['first', 'alone', 'alone too', 'early', 'late', 'a', 'b'];
    expect(live.fake.lookups().map(({ key }) => key)).toEqual(order);
  });

  test('change their order while they wait, as the lookups of their callers end', async () => {
    const live = await startLive({ latencyMs: 20 }, { concurrency: 1 });
    const [a, b] = [3, 2].map((openLookups) => ({ openLookups, deadlineAtMs: Infinity }));
    const given = [live.ask('first'), live.ask('a', { ...patient, caller: a }), live.ask('b', { ...patient, caller: b })];
    if (a) a.openLookups = 1;
    await Promise.all(given);
    expect(live.fake.lookups().map(({ key }) => key)).toEqual(['first', 'a', 'b']);
  });
});

describe('the rate', () => {
  test('spreads turns evenly', async () => {
    const clock = createTestClock(1_000);
    const takeTurn = createPacer(4, clock);
    for (const { signal } of times(5, patient)) await takeTurn(signal);
    expect(clock.waits).toEqual([250, 250, 250, 250]);
  });

  test('gives each of many who come at once a turn of their own', async () => {
    const waits: number[] = [];
    const clock = {
      nowMs: () => 1_000,
      monotonicMs: () => 1_000,
      sleep: (waitMs: number) => Promise.resolve(void waits.push(waitMs)),
    };
    const takeTurn = createPacer(10, clock);
    await Promise.all(times(4, patient).map(({ signal }) => takeTurn(signal)));
    expect(waits).toEqual([100, 200, 300]);
  });

  test('saves up nothing', async () => {
    const clock = createTestClock();
    const takeTurn = createPacer(1, clock);
    await takeTurn(patient.signal);
    await clock.sleep(60_000, patient.signal);
    for (const { signal } of times(3, patient)) await takeTurn(signal);
    expect(clock.waits).toEqual([60_000, 1_000, 1_000]);
  });

  test('may be less than one a second', async () => {
    const clock = createTestClock();
    const takeTurn = createPacer(0.5, clock);
    for (const { signal } of times(2, patient)) await takeTurn(signal);
    expect(clock.waits).toEqual([2_000]);
  });

  test('is none when none was set', async () => {
    const clock = createTestClock();
    const takeTurn = createPacer(undefined, clock);
    for (const { signal } of times(3, patient)) await takeTurn(signal);
    expect(clock.waits).toEqual([]);
  });

  test('holds over all lookups and their repetitions', async () => {
    const clock = createTestClock();
    const live = await startLive(
      { faults: { 'k1.example/x': { kind: 'status', status: 503, retryAfter: 0 } }, failFirst: 2 },
      { ratePerSecond: 5, concurrency: 1, retries: 2, clock },
    );
    expect(await live.askAll(toKeys(3))).toEqual(times(3, unlisted));
    expect(live.fake.lookups().length).toBe(5);
    expect(clock.waits.filter((waitMs) => waitMs > 0)).toEqual(times(4, 200));
  });

  test('lets one go who gives up waiting, with the reason', async () => {
    const takeTurn = createPacer(0.001, systemClock);
    const stop = new AbortController();
    await takeTurn(stop.signal);
    const waiting = takeTurn(stop.signal);
    stop.abort(new CctError('interrupted', 'Stopped'));
    await expect(waiting).rejects.toMatchObject({ code: 'interrupted', message: 'Stopped' });
  });
});
