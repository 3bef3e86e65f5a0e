import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hasIpv6Loopback } from './faults/place.ts';
import type { Fault, FakeTracker } from './helpers/fake-tracker.ts';
import { startFakeTracker } from './helpers/fake-tracker.ts';
import { ask } from './helpers/plain-http.ts';

const UNLISTED = '{"success":false,"message":"Unknown url"}';
const HIT = '{"success":true,"message":"Malicious: Pony"}';

async function startWith(fault: Fault): Promise<FakeTracker> {
  const tracker = await startFakeTracker({ listings: { 'a.example': 'Malicious: Pony' }, faults: { 'a.example': fault } });
  onTestFinished(() => tracker.close());
  return tracker;
}

/** What a connection carries after one question, in the pieces in which it came, until `isEnough` or its end. */
async function readRaw(fault: Fault, isEnough: (pieces: readonly Buffer[]) => boolean): Promise<readonly Buffer[]> {
  const { url } = await startWith(fault);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write('GET /query.php?url=a.example HTTP/1.1\r\nHost: tracker.example\r\n\r\n');
  const pieces: Buffer[] = [];
  for await (const piece of socket) {
    pieces.push(piece as Buffer);
    if (isEnough(pieces)) break;
  }
  return pieces;
}

const textOf = (pieces: readonly Buffer[]) => Buffer.concat(pieces).toString('latin1');
const readUntil = async (fault: Fault, end: string) => textOf(await readRaw(fault, (pieces) => textOf(pieces).includes(end)));

describe('the bytes of a fault', () => {
  test.each<[Fault, end: string, RegExp]>([
    ['length-too-long', UNLISTED, /\r\nContent-Length: 42\r\n[^]*\r\n\r\n\{.{40}$/],
    ['length-too-short', HIT, /\r\nContent-Length: 40\r\n[^]*\r\n\r\n\{.{43}$/],
    ['two-lengths', UNLISTED, /\r\nContent-Length: 41\r\nContent-Length: 42\r\n/],
    ['length-and-chunks', '0\r\n\r\n', /\r\nContent-Length: 41\r\nTransfer-Encoding: chunked\r\n\r\n29\r\n/],
    ['bad-chunk', '0\r\n\r\n', /chunked\r\n\r\nx\r\n\{/],
    ['late-bad-chunk', 'x\r\n', /chunked\r\n\r\n29\r\n\{[^]*\}\r\nx\r\n$/],
    ['http-0.9', UNLISTED, /^\{[^\r\n]*\}$/],
    ['huge-headers', UNLISTED, /\r\nX-1023: x{1024}\r\n\r\n\{/],
    ['unknown-encoding', UNLISTED, /\r\nContent-Encoding: unheard-of\r\n/],
    [{ kind: 'late-second-answer', message: 'Other', delayMs: 5 }, 'Other"}', /\}HTTP\/1\.1 200 OK\r\n[^]*"Other"\}$/],
    ['no-gzip', UNLISTED, /\r\nContent-Encoding: gzip\r\n/],
    [
      { kind: 'endless-continue', intervalMs: 1 },
      'HTTP/1.1 100 Continue\r\n\r\n'.repeat(20),
      /^(HTTP\/1\.1 100 Continue\r\n\r\n)+$/,
    ],
  ])('%j', async (fault, end, pattern) => {
    expect(await readUntil(fault, end)).toMatch(pattern);
  });

  test('a drip from the first byte comes a byte at a time', async () => {
    const pieces = await readRaw({ kind: 'drip', intervalMs: 20, part: 'head' }, (soFar) => textOf(soFar) === 'HTTP');
    expect(pieces.length).toBeGreaterThan(1);
  });

  test('a drip of the body has a whole head, and ends', async () => {
    const pieces = await readRaw({ kind: 'drip', intervalMs: 1, part: 'body' }, (soFar) => textOf(soFar).endsWith(UNLISTED));
    expect(textOf(pieces.slice(0, 1))).toMatch(/\r\n\r\n/);
    expect(pieces.length).toBeGreaterThan(2);
  });

  test('a second answer comes in the packet of the first, which is right', async () => {
    const pieces = await readRaw({ kind: 'second-answer', message: 'Unknown url' }, () => true);
    const [first = '', second = ''] = textOf(pieces).split(/(?<=\})(?=HTTP)/);
    expect([first.endsWith(HIT), second.endsWith(UNLISTED)]).toEqual([true, true]);
  });

  test('a bomb is a few kB of 128 MiB', async () => {
    const { url } = await startWith('gzip-bomb');
    const { body } = await ask(url, '/query.php?url=a.example');
    expect(body.length).toBeLessThan(256 * 1024);
    expect(gunzipSync(Buffer.from(body, 'latin1'))).toHaveLength(128 * 1024 ** 2);
  });

  test('gzip that is cut is half of it', async () => {
    const { url } = await startWith('cut-gzip');
    const packed = Buffer.from((await ask(url, '/query.php?url=a.example')).body, 'latin1');
    expect(() => gunzipSync(packed)).toThrow('unexpected end of file');
  });
});

test('a redirect may have no place', async () => {
  const { url } = await startWith({ kind: 'redirect', location: null });
  const reply = await ask(url, '/query.php?url=a.example');
  expect([reply.status, reply.headers.location, reply.body]).toEqual([302, undefined, UNLISTED]);
});

test('a challenge without end puts another token each time, whatever cookie comes', async () => {
  const { url } = await startWith('endless-challenge');
  const first = await ask(url, '/query.php?url=a.example');
  const cookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const second = await ask(url, first.headers.location ?? '', { headers: { Cookie: cookie } });
  expect([first.status, second.status]).toEqual([307, 307]);
  expect(second.headers.location).toMatch(/^\/query\.php\?url=a\.example&__r=1\.\d{32}$/);
  expect(second.headers.location).not.toBe(first.headers.location);
});

test('a tracker listens on IPv6 alone when it is told to', async () => {
  if (!hasIpv6Loopback()) {
    await expect(startFakeTracker({}, undefined, '::1')).rejects.toMatchObject({ syscall: 'listen' });
    return;
  }
  const tracker = await startFakeTracker({}, undefined, '::1');
  onTestFinished(() => tracker.close());
  expect(tracker.url).toMatch(/^http:\/\/\[::1\]:\d+\/$/);
  const { port } = new URL(tracker.url);
  await expect(ask(`http://127.0.0.1:${port}/`, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
