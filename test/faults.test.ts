import { afterEach, describe, expect, test } from 'vitest';
import { startFakeTracker } from './helpers/fake-tracker.ts';
import type { FakeTracker, Fault } from './helpers/fake-tracker.ts';
import { readCertificate } from './helpers/certificates.ts';
import { validateAnswer } from './helpers/relay-schema.ts';
import { runMain } from './helpers/run-cct.ts';

/*
 * What becomes of one bad answer among good ones, through the whole program: of three observables the middle one meets the fault.
 * The others must be answered, the faulty one must be failed with its code, and nothing may be unlisted that is not.
 */

let tracker: FakeTracker | undefined;
afterEach(() => tracker?.close());

const LISTED = '198.51.100.60';
const FAULTY = '198.51.100.66';
const UNLISTED = '192.0.2.1';
const VALUES = [LISTED, FAULTY, UNLISTED].flatMap((ip) => ['--ip', ip]);

const status = (code: number, retryAfter?: number | string): Fault =>
  retryAfter === undefined ? { kind: 'status', status: code } : { kind: 'status', status: code, retryAfter };
const body = (text: string): Fault => ({ kind: 'body', body: text });
const pad = 'x'.repeat(1024 * 1024);

// Longest waits are those that end in a timeout; all others are answered at once.
const SETTINGS = ['--timeout', '400ms', '--retries', '0'];

const faults: readonly [what: string, fault: Fault, code: string, message: RegExp][] = [
  ['400', status(400), 'unknown', /answered 400 Bad Request/],
  ['401', status(401), 'unknown', /answered 401 Unauthorized/],
  ['403', status(403), 'permission denied', /answered 403 Forbidden/],
  ['404', status(404), 'not found', /answered 404 Not Found/],
  ['410', status(410), 'unknown', /answered 410 Gone/],
  ['429', status(429), 'too many requests', /answered 429 Too Many Requests:/],
  ['429 with Retry-After', status(429, 120), 'too many requests', /asks to wait 120 s/],
  [
    '429 with a date',
    status(429, 'Fri, 02 Jan 2026 03:05:06 GMT'),
    'too many requests',
    /answered 429 Too Many Requests and asks to wait/,
  ],
  ['500', status(500), 'service unavailable', /answered 500 Internal Server Error/],
  ['502', status(502), 'service unavailable', /answered 502 Bad Gateway/],
  ['503', status(503), 'service unavailable', /answered 503 Service Unavailable/],
  ['504', status(504), 'service unavailable', /answered 504 Gateway Timeout/],
  ['304', status(304), 'unknown', /answered 304 Not Modified/],
  ['a redirect loop', 'redirect-loop', 'unknown', /redirects in a loop/],
  ['a redirect to another host', { kind: 'redirect', location: 'http://other.example/x' }, 'unknown', /http:\/\/other\.example/],
  [
    'a redirect to another scheme',
    { kind: 'redirect', location: 'ftp://127.0.0.1/' },
    'unknown',
    /another place, which is not followed/,
  ],
  ['a redirect to no URL', { kind: 'redirect', location: 'http://[' }, 'unknown', /a place that is no URL/],
  ['a redirect that loses the question', { kind: 'redirect', location: '/query.php' }, 'unknown', /does not answer the question/],
  [
    'a redirect to another question',
    { kind: 'redirect', location: `/query.php?url=${LISTED}` },
    'unknown',
    /does not answer the question/,
  ],
  ['HTML', 'html', 'key error', /is not JSON/],
  ['HTML that says Malicious', 'malicious-html', 'key error', /is not JSON/],
  ['nothing', 'empty', 'key error', /is empty/],
  ['garbage bytes', 'garbage', 'key error', /is not JSON/],
  ['bytes that are no HTTP', 'not-http', 'service unavailable', /did not answer in HTTP/],
  ['cut JSON', 'cut-json', 'key error', /is not JSON/],
  ['no message', body('{"success":true}'), 'key error', /has no "message"/],
  ['a null message', body('{"message":null}'), 'key error', /a "message" that is no text/],
  ['a number as message', body('{"message":5}'), 'key error', /a "message" that is no text/],
  ['an unknown message', body('{"message":"Query quota exceeded"}'), 'key error', /says neither/],
  ['an array', body('[1]'), 'key error', /is not a JSON object/],
  ['stalled headers', 'stalled-headers', 'service unavailable', /did not answer within 400 ms/],
  ['a stalled body', 'stalled-body', 'service unavailable', /did not answer within 400 ms/],
  ['a body cut short', 'short-body', 'service unavailable', /broke off the connection/],
  ['a chunked body cut short', 'cut-chunked', 'service unavailable', /broke off the connection/],
  ['a reset', 'reset', 'service unavailable', /broke off the connection/],
  ['a body over 1 MiB', body(`{"message":"Malicious: ${pad}"}`), 'key error', /longer than 1048576 bytes/],
  ['a body of 1 GiB', 'huge', 'key error', /longer than 1048576 bytes/],
];

interface Answer {
  readonly data: { readonly verdicts: { readonly docs: readonly { readonly observable: { readonly value: string } }[] } };
  readonly errors: readonly { readonly type: string; readonly code: string; readonly message: string }[];
}

describe('of three observables, the one that is answered with', () => {
  test.each(faults)('%s is failed, and the others are answered', async (_what, fault, code, message) => {
    tracker = await startFakeTracker({ listings: { [LISTED]: 'Malicious: Pony' }, faults: { [FAULTY]: fault } });
    const run = await runMain(['observe', '--api-url', tracker.url, ...SETTINGS, ...VALUES]);
    const answer = JSON.parse(run.stdout) as Answer;
    expect(run.status).toBe(3);
    expect(validateAnswer(answer)).toEqual([]);
    expect(answer.data.verdicts.docs.map(({ observable }) => observable.value)).toEqual([LISTED]);
    expect(answer.errors).toEqual([{ type: 'fatal', code, message: expect.stringMatching(message) as unknown }]);
    expect(answer.errors[0]?.message).toMatch(new RegExp(`: ${FAULTY.replaceAll('.', '\\.')}$`));
    expect(run.stderr).toContain('3 asked · 1 listed · 1 unlisted · 0 skipped · 1 failed');
  });

  test('1 GiB costs no more than its first megabytes', async () => {
    tracker = await startFakeTracker({ faults: { [FAULTY]: 'huge' } });
    await runMain(['observe', '--api-url', tracker.url, ...SETTINGS, ...VALUES]);
    expect(tracker.hugeBytesWritten).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('when the tracker as a whole', () => {
  test.each([
    [
      'never ends its challenge',
      { challenge: 'never-ends' },
      'permission denied',
      /did not accept the answer to its cookie challenge/,
    ],
    ['answers 403 after the challenge', { challenge: 'then-403' }, 'permission denied', /answered 403/],
    ['answers 503 after the challenge', { challenge: 'then-503' }, 'service unavailable', /answered 503/],
    ['answers 500 to everything', { faultEverywhere: status(500) }, 'service unavailable', /answered 500/],
  ] as const)('%s, nothing is answered', async (_what, options, code, message) => {
    tracker = await startFakeTracker(options);
    const run = await runMain(['observe', '--api-url', tracker.url, ...SETTINGS, ...VALUES]);
    const answer = JSON.parse(run.stdout) as Answer;
    expect(run.status).toBe(4);
    expect(validateAnswer(answer)).toEqual([]);
    expect(answer).toEqual({ errors: [{ type: 'fatal', code, message: expect.stringMatching(message) as unknown }] });
  });

  test.each([
    ['refuses connections', 'http', 'service unavailable', /refused the connection/],
    ['does not speak TLS', 'https', 'service unavailable', /TLS handshake/],
  ] as const)('%s, nothing is answered', async (_what, scheme, code, message) => {
    tracker = await startFakeTracker();
    const { port } = new URL(tracker.url);
    if (scheme === 'http') await tracker.close();
    const run = await runMain(['observe', '--api-url', `${scheme}://127.0.0.1:${port}/`, ...SETTINGS, ...VALUES]);
    expect(run.status).toBe(4);
    expect((JSON.parse(run.stdout) as Answer).errors).toEqual([
      { type: 'fatal', code, message: expect.stringMatching(message) as unknown },
    ]);
  });

  test('has a name that does not resolve, nothing is answered', async () => {
    const run = await runMain(['observe', '--api-url', 'http://tracker.invalid/', ...SETTINGS, ...VALUES]);
    expect(run.status).toBe(4);
    expect((JSON.parse(run.stdout) as Answer).errors).toEqual([
      { type: 'fatal', code: 'service unavailable', message: expect.stringMatching(/name was not resolved/) as unknown },
    ]);
  });

  test.each(['self-signed', 'expired', 'other-host'] as const)(
    'has a certificate that is %s, nothing is answered',
    async (name) => {
      tracker = await startFakeTracker({}, readCertificate(name));
      const run = await runMain(['observe', '--api-url', tracker.url, ...SETTINGS, ...VALUES]);
      expect(run.status).toBe(4);
      expect(tracker.requests).toEqual([]);
      expect((JSON.parse(run.stdout) as Answer).errors).toEqual([
        { type: 'fatal', code: 'unknown', message: expect.stringMatching(/^Unable to verify SSL certificate: /) as unknown },
      ]);
    },
  );
});

describe('a family', () => {
  test.each([
    ['with terminal escapes', '\u001b]0;x\u0007\u009b31m'],
    ['that is a formula', '=cmd()'],
    ['10 kB long', 'A'.repeat(10_000)],
  ])('%s is safe in every format', async (_what, family) => {
    tracker = await startFakeTracker({ listings: { [LISTED]: `Malicious: ${family}` } });
    const ask = async (format: string) =>
      (await runMain(['observe', '--api-url', tracker?.url ?? '', '--ip', LISTED, '--format', format])).stdout;
    const [json, ndjson, table, csv] = await Promise.all([ask('json'), ask('ndjson'), ask('table'), ask('csv')]);
    expect(validateAnswer(JSON.parse(json))).toEqual([]);
    expect([json, ndjson, table, csv].join('').replace(/[\r\n]/g, '')).not.toMatch(/\p{Cc}/u);
    expect(csv).not.toMatch(/(?:^|,)"?[=+@-]/m);
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThan(200);
  });
});

describe('a key', () => {
  test.each([
    'evil.example/r?u=http://good.example/x',
    'panel.example/x?a=1&b=2',
    'panel.example/x#frag',
    'bücher.example/ä?ö=ü',
    'panel.example/a b/c%20d',
    "panel.example/a+b'(c)",
  ])('is asked whole, with the challenge on: %s', async (key) => {
    tracker = await startFakeTracker({ listings: { [key]: 'Malicious: Pony' }, challenge: 'on' });
    const run = await runMain(['observe', '--api-url', tracker.url, '--url', `http://${key}`]);
    expect(run.status).toBe(0);
    expect([...new Set(tracker.lookups().map((request) => request.key))]).toEqual([key]);
    expect((JSON.parse(run.stdout) as Answer).data.verdicts.docs.map(({ observable }) => observable.value)).toEqual([
      `http://${key}`,
    ]);
  });
});
