import { describe, expect, test } from 'vitest';
import type { Fault } from '../../helpers/fake-tracker.ts';
import { failed, listed, openLive, startLive, takeDeadUrl, times, toKeys, unlisted } from '../../helpers/live-tracker.ts';

const DOWN = ['unavailable', 'service unavailable'] as const;
const CHANGED = ['unintelligible', 'key error'] as const;
const ODD = ['unexpected-answer', 'unknown'] as const;

const NEITHER = 'The tracker\'s answer has an unexpected "message"';
const NO_TEXT = 'The tracker\'s answer has a "message" that is not a string';

const toStatus = (status: number, retryAfter?: number): Fault => ({
  kind: 'status',
  status,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});
const toBody = (value: unknown): Fault => ({ kind: 'body', body: JSON.stringify(value) });

/** Everything that can be wrong with an answer, and what it is then. */
const faults: readonly (readonly [Fault, code: string, relayCode: string, message: string])[] = [
  [toStatus(101), ...ODD, 'The tracker answered 101 Switching Protocols'],
  ['switch', ...ODD, 'The tracker answered 101 Switching Protocols'],
  [toStatus(400), ...ODD, 'The tracker answered 400 Bad Request'],
  [toStatus(401), ...ODD, 'The tracker answered 401 Unauthorized'],
  [toStatus(403), 'forbidden', 'permission denied', 'The tracker answered 403 Forbidden'],
  [toStatus(404), 'not-found', 'not found', 'The tracker answered 404 Not Found'],
  [toStatus(429), 'throttled', 'too many requests', 'The tracker answered 429 Too Many Requests'],
  [toStatus(429, 7), 'throttled', 'too many requests', 'The tracker answered 429 Too Many Requests (retry after 7 s)'],
  [toStatus(500), ...DOWN, 'The tracker answered 500 Internal Server Error'],
  [toStatus(502), ...DOWN, 'The tracker answered 502 Bad Gateway'],
  [toStatus(503), ...DOWN, 'The tracker answered 503 Service Unavailable'],
  [toStatus(504), ...DOWN, 'The tracker answered 504 Gateway Timeout'],
  [toStatus(520), ...DOWN, 'The tracker answered 520'],
  ['redirect-loop', ...ODD, 'The tracker redirects in a loop (more than 5 redirects)'],
  [
    { kind: 'redirect', location: 'https://other.example/' },
    ...ODD,
    'The tracker redirects to another site, which is not followed (https://other.example)',
  ],
  ['html', ...CHANGED, "The tracker's answer is not JSON"],
  ['malicious-html', ...CHANGED, "The tracker's answer is not JSON"],
  ['empty', ...CHANGED, "The tracker's answer is empty"],
  ['garbage', ...CHANGED, "The tracker's answer is not JSON"],
  ['cut-json', ...CHANGED, "The tracker's answer is not JSON"],
  [toBody({ success: true }), ...CHANGED, 'The tracker\'s answer has no "message"'],
  [toBody({ message: null }), ...CHANGED, NO_TEXT],
  [toBody({ message: 5 }), ...CHANGED, NO_TEXT],
  [toBody({ message: 'Query quota exceeded' }), ...CHANGED, NEITHER],
  [toBody([1]), ...CHANGED, "The tracker's answer is not a JSON object"],
  ['short-body', ...DOWN, 'The tracker closed the connection unexpectedly (aborted)'],
  ['cut-chunked', ...DOWN, 'The tracker closed the connection unexpectedly (Premature close)'],
  ['reset', ...DOWN, 'The tracker closed the connection unexpectedly (read ECONNRESET)'],
  ['not-http', ...DOWN, "The tracker's answer is not valid HTTP (Parse Error: Expected HTTP/, RTSP/ or ICE/)"],
  ['huge', ...CHANGED, "The tracker's answer is longer than 1,048,576 bytes"],
];

describe('an answer that is wrong fails its own question and no other', () => {
  const keys = ['before.example', 'bad.example', 'after.example'];

  test.each(faults)('%j', async (fault, code, relayCode, message) => {
    const live = await startLive({ listings: { 'before.example': 'Malicious: Pony' }, faults: { 'bad.example': fault } });
    expect(await live.askAll(keys)).toEqual([listed('Pony'), failed(code, relayCode, message), unlisted]);
  });

  test.each<Fault>(['stalled-headers', 'stalled-body'])('%j', async (fault) => {
    const live = await startLive(
      { listings: { 'before.example': 'Malicious: Pony' }, faults: { 'bad.example': fault } },
      { timeoutMs: 700 },
    );
    const message = 'The tracker did not answer within 700 ms';
    expect(await live.askAll(keys)).toEqual([listed('Pony'), failed(...DOWN, message), unlisted]);
  });

  test('also when all of them come at once', async () => {
    const bad = Object.fromEntries(faults.map(([fault], at) => [`bad${at}.example`, fault]));
    const good = faults.map((_, at) => `good${at}.example`);
    const live = await startLive({ listings: Object.fromEntries(good.map((key) => [key, 'Malicious: x'])), faults: bad });
    // Each fault between two hits: no five of them are in a row, which would be a tracker that is down.
    const asked = Object.keys(bad).flatMap((key, at) => [key, good[at] ?? '']);
    const told = [];
    for (const key of asked) told.push(await live.ask(key));
    expect(told).toEqual(faults.flatMap(([, ...failure]) => [failed(...failure), listed('x')]));
  });
});

describe('a tracker that cannot be reached', () => {
  test('because it refuses fails every question', async () => {
    const url = await takeDeadUrl();
    const live = await openLive(url);
    const message = `The tracker refused the connection (connect ECONNREFUSED ${new URL(url).host})`;
    expect(await live.askAll(toKeys(3))).toEqual(times(3, failed(...DOWN, message)));
  });

  test('because its name does not resolve fails every question', async () => {
    // A label of 64 characters is no name: the resolver says so without asking anybody.
    const live = await openLive(`http://${'a'.repeat(64)}.example/`);
    const told = await live.askAll(toKeys(3));
    const message: unknown = expect.stringMatching(
      /^Cannot resolve the tracker's host name \(getaddrinfo E[A-Z_]+ a{64}\.example\)$/,
    );
    expect(told).toEqual(times(3, { status: 'failed', code: DOWN[0], relayCode: DOWN[1], message }));
  });

  test('because of a challenge that never ends fails every question', async () => {
    const live = await startLive({ challenge: 'never-ends', listings: { 'k0.example/x': 'Malicious: x' } });
    const message = 'The tracker rejected the answer to its cookie challenge';
    expect(await live.askAll(toKeys(3))).toEqual(times(3, failed('forbidden', 'permission denied', message)));
  });
});

test('the fault of a moment is none any more at the next question', async () => {
  const live = await startLive({ faultEverywhere: 'cut-chunked', failFirst: 1, listings: { 'a.example': 'Malicious: x' } });
  const message = 'The tracker closed the connection unexpectedly (Premature close)';
  expect([await live.ask('a.example'), await live.ask('a.example')]).toEqual([failed(...DOWN, message), listed('x')]);
});
