import { STATUS_CODES } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { CctError } from '../../../src/core/errors.ts';
import { parseRetryAfter, toNetworkFailure, toStatusFailure } from '../../../src/tracker/live/failures.ts';

function summaryOf({ code, message, isTransient }: CctError) {
  return [code, message, isTransient];
}

/** An error as the network throws it. */
function withCode(code: string, message = 'why'): Error {
  return Object.assign(new Error(message), { code });
}

describe('a request without an answer', () => {
  test.each([
    ['ECONNREFUSED', 'unavailable', 'The tracker refused the connection (why)', false],
    ['ENOTFOUND', 'unavailable', "Cannot resolve the tracker's host name (why)", false],
    ['EAI_AGAIN', 'unavailable', "Cannot resolve the tracker's host name (why)", false],
    ['ECONNRESET', 'unavailable', 'The tracker closed the connection unexpectedly (why)', true],
    ['EPIPE', 'unavailable', 'The tracker closed the connection unexpectedly (why)', true],
    ['ERR_STREAM_PREMATURE_CLOSE', 'unavailable', 'The tracker closed the connection unexpectedly (why)', true],
    ['ETIMEDOUT', 'unavailable', 'The connection to the tracker timed out (why)', true],
    ['HPE_INVALID_CONSTANT', 'unavailable', "The tracker's answer is not valid HTTP (why)", false],
    ['HPE_HEADER_OVERFLOW', 'unavailable', "The tracker's answer is not valid HTTP (why)", false],
    ['EPROTO', 'unavailable', 'The TLS handshake with the tracker failed (why)', false],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'unavailable', 'The TLS handshake with the tracker failed (why)', false],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', 'unavailable', 'The TLS handshake with the tracker failed (why)', false],
    ['NOT_Z_DATA_ERROR', 'unavailable', 'Cannot reach the tracker (why)', false],
    ['EHOSTUNREACH', 'unavailable', 'Cannot reach the tracker (why)', false],
    ['', 'unavailable', 'Cannot reach the tracker (why)', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'unverified-certificate', 'Unable to verify SSL certificate: why', false],
    ['CERT_HAS_EXPIRED', 'unverified-certificate', 'Unable to verify SSL certificate: why', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'unverified-certificate', 'Unable to verify SSL certificate: why', false],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unverified-certificate', 'Unable to verify SSL certificate: why', false],
    ['Z_DATA_ERROR', 'unintelligible', "Cannot decompress the tracker's answer (why)", false],
    ['ERR__ERROR_FORMAT_PADDING_2', 'unintelligible', "Cannot decompress the tracker's answer (why)", false],
  ])('because of %j is told as what it is', (reason, code, message, isTransient) => {
    const thrown = withCode(reason);
    const error = toNetworkFailure(thrown);
    expect(summaryOf(error)).toEqual([code, message, isTransient]);
    expect(error.cause).toBe(thrown);
  });

  test('is told without the URL that was asked', () => {
    const thrown = withCode(
      'ECONNREFUSED',
      'request to http://tracker.example/?url=reason: x failed, reason: connect ECONNREFUSED',
    );
    expect(toNetworkFailure(thrown).message).toBe('The tracker refused the connection (connect ECONNREFUSED)');
  });

  test.each([
    ['keys.example', 'keys.example refused the connection (why)', "Cannot resolve keys.example's host name (why)"],
    ['the relay', 'The relay refused the connection (why)', "Cannot resolve the relay's host name (why)"],
  ])('is told of %s', (subject, refused, unresolved) => {
    expect(toNetworkFailure(withCode('ECONNREFUSED'), subject).message).toBe(refused);
    expect(toNetworkFailure(withCode('ENOTFOUND'), subject).message).toBe(unresolved);
  });

  test('is told on one line', () => {
    const thrown = withCode('EPROTO', 'write EPROTO\r\n  wrong version number:\n');
    expect(toNetworkFailure(thrown).message).toBe(
      'The TLS handshake with the tracker failed (write EPROTO wrong version number:)',
    );
  });

  test('is told whatever was thrown', () => {
    const thrown: unknown[] = ['text', null, undefined, { code: 5 }];
    expect(thrown.map((value) => toNetworkFailure(value).message)).toEqual([
      'Cannot reach the tracker (text)',
      'Cannot reach the tracker (null)',
      'Cannot reach the tracker (undefined)',
      'Cannot reach the tracker ([object Object])',
    ]);
  });
});

describe('an answer that is not 2xx', () => {
  const transient = [429, 502, 503, 504];
  const codes: Record<number, string> = { 403: 'forbidden', 404: 'not-found', 429: 'throttled' };
  const statuses = [300, 304, 305, 399, 400, 401, 402, 403, 404, 405, 407, 408, 410, 418, 429, 451, 499]
    .concat([500, 501, 502, 503, 504, 505, 520, 599])
    .concat([600, 999]);

  test.each(statuses)('has the code of its status, names it, and is transient only if it may pass: %i', (status) => {
    expect(summaryOf(toStatusFailure(status))).toEqual([
      codes[status] ?? (status >= 500 && status <= 599 ? 'unavailable' : 'unexpected-answer'),
      `The tracker answered ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd(),
      transient.includes(status),
    ]);
  });

  test('says so when it asks to wait, in whole seconds', () => {
    const error = toStatusFailure(429, 1500);
    expect([error.message, error.retryAfterMs]).toEqual(['The tracker answered 429 Too Many Requests (retry after 2 s)', 1500]);
  });

  test('asks for no wait when none was sent', () => {
    expect(toStatusFailure(429).retryAfterMs).toBeUndefined();
  });
});

describe('Retry-After', () => {
  const nowMs = Date.parse('2026-10-21T07:28:00Z');

  test.each([
    ['0', 0],
    ['7', 7_000],
    [' 30 ', 30_000],
    ['Wed, 21 Oct 2026 07:28:05 GMT', 5_000],
    ['Wednesday, 21-Oct-26 07:28:05 GMT', 5_000],
    ['Wed Oct 21 07:28:05 2026', 5_000],
    ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
    [' Wed, 21 Oct 2026 07:28:05 GMT ', 5_000],
  ])('%j is a wait', (value, waitMs) => {
    expect(parseRetryAfter(value, nowMs)).toBe(waitMs);
  });

  test.each([
    null,
    '',
    'soon',
    '-5',
    '1.5',
    '1e3',
    '10s',
    '120, 5',
    '2026-10-21',
    'Wednesday',
    'Wed, GMT',
    '5, Wed, 21 Oct 2026 07:28:05 GMT',
  ])('%j is none', (value) => {
    expect(parseRetryAfter(value, nowMs)).toBeUndefined();
  });
});
