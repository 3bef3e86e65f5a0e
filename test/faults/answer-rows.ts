import { STATUS_CODES } from 'node:http';
import type { RelayErrorCode } from '../../src/core/errors.ts';
import type { Fault } from '../helpers/fake-tracker.ts';
import type { AnswerRow } from './rows.ts';

const MIB = 1024 * 1024;

const status = (code: number, retryAfter?: number | string): Fault =>
  retryAfter === undefined ? { kind: 'status', status: code } : { kind: 'status', status: code, retryAfter };
const body = (text: string): Fault => ({ kind: 'body', body: text });
const redirect = (location: string | null, code = 302): Fault => ({ kind: 'redirect', location, status: code });

const changed = (change: { readonly path?: string; readonly add?: string }): Fault => ({ kind: 'redirect-changed', ...change });

type Rest = Partial<Pick<AnswerRow, 'ends' | 'concurrency' | 'isToFile' | 'failsOnce' | 'worksMs' | 'onList'>>;

function failed(what: string, fault: Fault, code: RelayErrorCode, message: RegExp, rest: Rest = {}): AnswerRow {
  return { at: 'answer', what, fault, becomes: 'failed', code, message, ends: 'at once', ...rest };
}

function borne(what: string, fault: Fault, rest: Rest = {}): AnswerRow {
  return { at: 'answer', what, fault, becomes: 'answered', code: 'unknown', message: /^$/, ends: 'at once', ...rest };
}

const DOWN = 'service unavailable';
const IN_TIME = /did not answer within [\d,]+ ms/;
const waits: Rest = { ends: 'timeout' };

const TWO_MESSAGES = /has more than one "message"/;

/** No fault: the others are measured against it. */
export const controlRow: AnswerRow = borne('no fault', { kind: 'slow', delayMs: 0 });

const STATUSES: readonly (readonly [error: RelayErrorCode, codes: readonly number[]])[] = [
  ['unknown', [101, 400, 401, 410, 202, 203, 204, 205, 206, 207, 226, 304]],
  ['permission denied', [403]],
  ['not found', [404]],
  ['too many requests', [429]],
  [DOWN, [500, 502, 503, 504]],
];

/** Wrong statuses and redirects. */
const statusRows = [
  ...STATUSES.flatMap(([error, codes]) =>
    codes.map((code) =>
      failed(String(code), status(code), error, new RegExp(`answered ${code} ${STATUS_CODES[code]}(?! \\(retry)`)),
    ),
  ),
  failed('429 with Retry-After', status(429, 120), 'too many requests', /retry after 120 s/),
  failed('429 with a date', status(429, 'Fri, 02 Jan 2099 03:05:06 GMT'), 'too many requests', /retry after [\d,]+ s/),
  failed('101 with Upgrade', 'switch', 'unknown', /answered 101 Switching Protocols/),
  failed('a redirect loop', 'redirect-loop', 'unknown', /redirects in a loop/),
  failed('a redirect to another host', redirect('http://other.example/x'), 'unknown', /http:\/\/other\.example/),
  failed('a redirect to another scheme', redirect('ftp://127.0.0.1/'), 'unknown', /another site, which is not followed/),
  failed('a redirect to no URL', redirect('http://['), 'unknown', /an invalid Location header/),
  failed('a redirect without a place', redirect(null), 'unknown', /answered 302 without a Location header/),
  failed('a redirect that loses the question', redirect('/query.php'), 'unknown', /does not match the lookup/),
  failed('a redirect to another question', redirect('/query.php?url=192.0.2.77'), 'unknown', /does not match the lookup/),
  failed('a redirect that adds a question', changed({ add: '&url=192.0.2.77' }), 'unknown', /does not match the lookup/),
  failed('a redirect to another page', changed({ path: '/' }), 'unknown', /does not match the lookup/),
  failed('an endless challenge', 'endless-challenge', 'permission denied', /rejected the answer to its cookie challenge/),
];

/** Wrong bodies. */
const contentRows = [
  failed('HTML', 'html', 'key error', /is not JSON/),
  failed('HTML that says Malicious', 'malicious-html', 'key error', /is not JSON/),
  failed('nothing', 'empty', 'key error', /is empty/),
  failed('garbage bytes', 'garbage', 'key error', /is not JSON/),
  failed('cut JSON', 'cut-json', 'key error', /is not JSON/),
  failed('no message', body('{"success":true}'), 'key error', /has no "message"/),
  failed('a null message', body('{"message":null}'), 'key error', /a "message" that is not a string/),
  failed('a number as message', body('{"message":5}'), 'key error', /a "message" that is not a string/),
  failed('an unknown message', body('{"message":"Query quota exceeded"}'), 'key error', /has an unexpected "message"/),
  failed('two messages', body('{"message":"Malicious: x","message":"Unknown url"}'), 'key error', TWO_MESSAGES),
  failed(
    'two messages, one escaped',
    body('{"m\\u0065ssage":"Malicious: x","message":"Unknown url"}'),
    'key error',
    TWO_MESSAGES,
  ),
  failed('an array', body('[1]'), 'key error', /is not a JSON object/),
  failed('a body over 1 MiB', body(`{"message":"Malicious: ${'x'.repeat(MIB)}"}`), 'key error', /longer than 1,048,576 bytes/),
  failed('a body of 1 GiB', 'huge', 'key error', /longer than 1,048,576 bytes/, { worksMs: 15_000 }),
];

/** Late answers, or none. */
const slowRows = [
  borne('slow, but in time', { kind: 'slow', delayMs: 100 }),
  failed('slower than the timeout', { kind: 'slow', delayMs: 60_000 }, DOWN, IN_TIME, waits),
  failed('stalled headers', 'stalled-headers', DOWN, IN_TIME, waits),
  failed('a stalled body', 'stalled-body', DOWN, IN_TIME, waits),
  failed('a slow drip from the first byte', { kind: 'drip', intervalMs: 1_000, part: 'head' }, DOWN, IN_TIME, waits),
  failed('a slow drip of the body', { kind: 'drip', intervalMs: 1_000, part: 'body' }, DOWN, IN_TIME, waits),
  failed('interim answers without end', { kind: 'endless-continue', intervalMs: 5 }, DOWN, IN_TIME, waits),
  failed('a Content-Length that is too long', 'length-too-long', DOWN, IN_TIME, waits),
];

// After a surplus response each lookup waits for a silent connection, ten at a time.
const SILENCE_MS = 10_000;
// One lookup after the other on one connection, so that surplus bytes would answer the next one.
const alone: Rest = { concurrency: 1 };
const once: Rest = { isToFile: true, failsOnce: true, worksMs: SILENCE_MS };
// A page of the list has its own connection, and its parser stops after the first answer.
const twice: Rest = { onList: 'answered', worksMs: SILENCE_MS };
const SURPLUS = /sent responses that match no request/;
const BROKE_OFF = /closed the connection unexpectedly/;
const NO_HTTP = /answer is not valid HTTP|closed the connection unexpectedly/;

/** Wrong bytes. */
const wireRows = [
  failed('a reset', 'reset', DOWN, BROKE_OFF),
  failed('a body cut short', 'short-body', DOWN, BROKE_OFF),
  failed('a chunked body cut short', 'cut-chunked', DOWN, BROKE_OFF),
  failed('bytes that are no HTTP', 'not-http', DOWN, NO_HTTP),
  failed('HTTP/0.9', 'http-0.9', DOWN, NO_HTTP),
  failed('a Content-Length that is too short', 'length-too-short', 'key error', /is empty|is not JSON/, alone),
  failed('two Content-Lengths', 'two-lengths', DOWN, NO_HTTP),
  failed('Content-Length and chunks', 'length-and-chunks', DOWN, NO_HTTP),
  failed('a bad chunk', 'bad-chunk', DOWN, NO_HTTP),
  failed('a bad chunk after a good one', 'late-bad-chunk', DOWN, NO_HTTP),
  failed('1 MiB of headers', 'huge-headers', DOWN, NO_HTTP),
  failed('gzip that is none', 'no-gzip', 'key error', /Cannot decompress/),
  failed('gzip cut short', 'cut-gzip', 'key error', /Cannot decompress|is empty|is not JSON/),
  failed('gzip without its trailer', 'gzip-without-trailer', 'key error', /Cannot decompress/),
  failed('an unknown encoding', 'unknown-encoding', 'key error', /an unknown content encoding/),
  failed('gzip that unpacks to 128 MiB', 'gzip-bomb', 'key error', /longer than 1,048,576 bytes/, { worksMs: 15_000 }),
  failed('two answers in one, the second unlisted', { kind: 'second-answer', message: 'Unknown url' }, 'unknown', SURPLUS, twice),
  failed('two answers in one, the second listed', { kind: 'second-answer', message: 'Malicious: x' }, 'unknown', SURPLUS, twice),
  borne('an answer too many, unlisted', { kind: 'late-second-answer', message: 'Unknown url', delayMs: 5 }, once),
  borne('an answer too many, listed', { kind: 'late-second-answer', message: 'Malicious: x', delayMs: 5 }, once),
];

/** Faults of single answers. */
export const answerRows: readonly AnswerRow[] = [...statusRows, ...contentRows, ...slowRows, ...wireRows];
