import { describe, expect, onTestFinished, test } from 'vitest';
import type { Fault, FakeTracker, FakeTrackerOptions } from './helpers/fake-tracker.ts';
import { HUGE_BYTES } from './helpers/fake-faults.ts';
import { startFakeTracker } from './helpers/fake-tracker.ts';
import { createDeferred } from './core/samples.ts';
import { ask, openAnswer } from './helpers/plain-http.ts';
import { waitUntil } from './helpers/serve.ts';

const LOOKUP = '/query.php?url=a.example';
const MIB = 1024 ** 2;

async function start(options: Partial<FakeTrackerOptions>): Promise<FakeTracker> {
  const tracker = await startFakeTracker({ listings: { 'a.example': 'Malicious: Pony' }, ...options });
  onTestFinished(() => tracker.close());
  return tracker;
}

function startWith(fault: Fault): Promise<FakeTracker> {
  return start({ faults: { 'a.example': fault } });
}

describe('a fault that is a whole answer', () => {
  test.each([400, 401, 403, 404, 429, 500, 502, 503, 504])('%i has a body that would be a hit', async (status) => {
    const tracker = await startWith({ kind: 'status', status });
    const reply = await ask(tracker.url, LOOKUP);
    expect([reply.status, reply.body, reply.headers['retry-after']]).toEqual([status, '{"message":"Malicious: x"}', undefined]);
  });

  test.each([7, 'Wed, 21 Oct 2026 07:28:00 GMT'])('a status says to retry after %j', async (retryAfter) => {
    const tracker = await startWith({ kind: 'status', status: 429, retryAfter });
    expect((await ask(tracker.url, LOOKUP)).headers['retry-after']).toBe(String(retryAfter));
  });

  test.each(['https://other.example/', '/elsewhere', '', 'http://['])('a redirect goes to %j', async (location) => {
    const tracker = await startWith({ kind: 'redirect', location });
    const reply = await ask(tracker.url, LOOKUP);
    expect([reply.status, reply.headers.location]).toEqual([302, location]);
  });

  test('a redirect has the status that is wanted', async () => {
    const tracker = await startWith({ kind: 'redirect', location: '/', status: 301 });
    expect((await ask(tracker.url, LOOKUP)).status).toBe(301);
  });

  test('a held answer is that of the moment at which it was asked, once it is let go', async () => {
    const { promise, resolve } = createDeferred<undefined>();
    const tracker = await startWith({ kind: 'held', until: promise });
    const held = ask(tracker.url, LOOKUP);
    await waitUntil(() => tracker.lookups().length > 0);
    tracker.set({ faults: {}, listings: {} });
    expect((await ask(tracker.url, LOOKUP)).body).toContain('Unknown url');
    resolve(undefined);
    expect((await held).body).toContain('Malicious: Pony');
  });

  test('a redirect loop comes back to where it began', async () => {
    const tracker = await startWith('redirect-loop');
    const first = await ask(tracker.url, LOOKUP);
    const between = first.headers.location ?? '';
    const second = await ask(tracker.url, between);
    expect(between).not.toBe(LOOKUP);
    expect([first.status, second.status, second.headers.location]).toEqual([302, 302, LOOKUP]);
  });

  test.each<[Fault, RegExp]>([
    ['html', /^<!DOCTYPE html>(?!.*Malicious)/s],
    ['malicious-html', /^<!DOCTYPE html>.*Malicious: x/s],
    ['empty', /^$/],
    ['garbage', /^\x80[^]{254}\x7f$/],
    ['cut-json', /^\{"success":true,"mes[^}]*$/],
    [{ kind: 'body', body: '[1]' }, /^\[1\]$/],
  ])('%j is 200, ends, and is said to be HTML', async (fault, body) => {
    const tracker = await startWith(fault);
    const reply = await ask(tracker.url, LOOKUP);
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'text/html; charset=UTF-8']);
    expect(reply.body).toMatch(body);
  });

  test('a slow answer is right, after one that was asked later', async () => {
    const tracker = await startWith({ kind: 'slow', delayMs: 100 });
    const order: string[] = [];
    const slow = ask(tracker.url, LOOKUP).then(({ body }) => order.push(body));
    await expect.poll(() => tracker.requests.length).toBe(1);
    await ask(tracker.url, '/query.php?url=b.example').then(({ body }) => order.push(body));
    await slow;
    expect(order).toEqual(['{"success":false,"message":"Unknown url"}', '{"success":true,"message":"Malicious: Pony"}']);
  });
});

describe('a fault of the connection', () => {
  test.each<[Fault, string]>([
    ['not-http', 'HPE_INVALID_CONSTANT'],
    ['reset', 'ECONNRESET'],
  ])('%s has no answer', async (fault, code) => {
    const tracker = await startWith(fault);
    await expect(openAnswer(tracker.url, LOOKUP)).rejects.toMatchObject({ code });
  });

  test.each<[Fault, string | undefined, string | undefined]>([
    ['short-body', '42', undefined],
    ['cut-chunked', undefined, 'chunked'],
  ])('%s carries a whole hit, but ends too early', async (fault, length, encoding) => {
    const tracker = await startWith(fault);
    const answer = await openAnswer(tracker.url, LOOKUP);
    expect([answer.headers['content-length'], answer.headers['transfer-encoding']]).toEqual([length, encoding]);
    let body = '';
    answer.setEncoding('utf8').on('data', (chunk: string) => void (body += chunk));
    await expect(new Promise((resolve, reject) => answer.once('end', resolve).once('error', reject))).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    expect(JSON.parse(body)).toEqual({ success: true, message: 'Malicious: x' });
  });

  test('a body that stalls has its first half there, and is open still when others are answered', async () => {
    const tracker = await startWith('stalled-body');
    const answer = await openAnswer(tracker.url, LOOKUP);
    answer.on('error', () => undefined);
    const half = await new Promise<string>((resolve) => answer.setEncoding('utf8').once('data', resolve));
    await ask(tracker.url, '/query.php?url=b.example');
    expect(half).toMatch(/^\{"success":true,"mes[^}]*$/);
    expect([answer.complete, answer.destroyed]).toEqual([false, false]);
  });

  test('headers that stall are not there when others are answered', async () => {
    const tracker = await startWith('stalled-headers');
    let settled = false;
    const stalled = openAnswer(tracker.url, LOOKUP).finally(() => (settled = true));
    const ended = expect(stalled).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect.poll(() => tracker.requests.length).toBe(1);
    await ask(tracker.url, '/query.php?url=b.example');
    expect([settled, tracker.maxInFlight]).toEqual([false, 2]);
    await tracker.close();
    await ended;
  });

  test('a huge body is written as fast as it is read, and no further when the reader goes', async () => {
    const tracker = await startWith('huge');
    const answer = await openAnswer(tracker.url, LOOKUP);
    let bytes = 0;
    for await (const chunk of answer) {
      if (chunk instanceof Uint8Array) bytes += chunk.length;
      if (bytes > 8 * MIB) break;
    }
    await ask(tracker.url, '/');
    expect(tracker.hugeBytesWritten).toBeGreaterThanOrEqual(8 * MIB);
    expect(tracker.hugeBytesWritten).toBeLessThan(128 * MIB);
  });

  test('a huge body ends when so many bytes were read, by default 1 GiB', async () => {
    expect(HUGE_BYTES).toBe(1024 * MIB);
    const tracker = await start({ faults: { 'a.example': 'huge' }, hugeBytes: 4 * MIB });
    const reply = await ask(tracker.url, LOOKUP);
    expect([reply.body.length, tracker.hugeBytesWritten]).toEqual([
      '{"success":true,"message":"Malicious: "}'.length + 4 * MIB,
      4 * MIB,
    ]);
  });
});

describe('which requests are faulty', () => {
  const statusesOf = async (tracker: FakeTracker, ...targets: string[]): Promise<number[]> => {
    const statuses: number[] = [];
    for (const target of targets) statuses.push((await ask(tracker.url, target)).status);
    return statuses;
  };
  const [A, B] = ['/query.php?url=a.example', '/query.php?url=b.example'] as const;

  test('a fault of one key leaves the others and the pages alone', async () => {
    const tracker = await startWith({ kind: 'status', status: 500 });
    expect(await statusesOf(tracker, A, B, '/', '/all.php')).toEqual([500, 200, 200, 200]);
  });

  test('a fault everywhere is on query.php, where a key has none of its own', async () => {
    const tracker = await start({
      faults: { 'a.example': { kind: 'status', status: 500 } },
      faultEverywhere: { kind: 'status', status: 404 },
    });
    expect(await statusesOf(tracker, A, B, '/query.php', '/')).toEqual([500, 404, 404, 200]);
  });

  test('a fault of the root is there alone', async () => {
    const tracker = await start({ rootFault: { kind: 'status', status: 500 } });
    expect(await statusesOf(tracker, '/', '/all.php', A)).toEqual([500, 200, 200]);
  });

  test('each key, and the root, goes wrong so many times; setting anything counts anew', async () => {
    const fault: Fault = { kind: 'status', status: 503 };
    const tracker = await start({ faultEverywhere: fault, rootFault: fault, failFirst: 2 });
    expect(await statusesOf(tracker, A, A, B, A, B, B)).toEqual([503, 503, 503, 200, 503, 200]);
    expect(await statusesOf(tracker, '/', '/', '/')).toEqual([503, 503, 200]);
    tracker.set({ failFirst: 1 });
    expect(await statusesOf(tracker, A, A, '/', '/')).toEqual([503, 200, 503, 200]);
  });
});
