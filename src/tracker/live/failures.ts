import { STATUS_CODES } from 'node:http';
import { formatCount } from '../../core/amount.ts';
import { CctError, systemCodeOf } from '../../core/errors.ts';

// OpenSSL's and Node's codes for an untrusted certificate; any other TLS error is a failed handshake.
const CERTIFICATE_CODES = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const RESET_CODES = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNABORTED']);
const TIMEOUT_CODES = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT']);
// The codes of zlib and Brotli.
const UNPACK_CODE = /^(?:Z_|ERR__ERROR_)/;
/** The error code of a connection on which the server sent first. */
export const EARLY_RESPONSE_CODE = 'ERR_EARLY_RESPONSE';
const DNS_CODES = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);

/** Capitalises the subject of a message: `The tracker` for `the tracker`. A host name stays unchanged. */
export function toSentenceStart(subject: string): string {
  return subject.startsWith('the ') ? `T${subject.slice(1)}` : subject;
}

/** Converts the error of a request without an answer, with a message about `subject`. Resets, timeouts and early responses are transient. */
export function toNetworkFailure(thrown: unknown, subject = 'the tracker'): CctError {
  const start = toSentenceStart(subject);
  const code = systemCodeOf(thrown) ?? '';
  // node-fetch's message repeats the URL before "reason: "; OpenSSL's ends with a line feed.
  const said = thrown instanceof Error ? thrown.message.replace(/^.*reason: /s, '') : String(thrown);
  const reason = said.replace(/\s+/g, ' ').trim();
  const failure = (message: string, isTransient = false) => new CctError('unavailable', message, { cause: thrown, isTransient });

  if (CERTIFICATE_CODES.has(code)) {
    return new CctError('unverified-certificate', `Unable to verify SSL certificate: ${reason}`, { cause: thrown });
  }
  if (UNPACK_CODE.test(code)) {
    return new CctError('unintelligible', `Cannot decompress ${subject}'s answer (${reason})`, { cause: thrown });
  }
  if (code === EARLY_RESPONSE_CODE) {
    const message = `${start} sent a response before the request`;
    return new CctError('unexpected-answer', message, { cause: thrown, isTransient: true });
  }
  if (code === 'ECONNREFUSED') return failure(`${start} refused the connection (${reason})`);
  if (DNS_CODES.has(code)) return failure(`Cannot resolve ${subject}'s host name (${reason})`);
  if (RESET_CODES.has(code)) return failure(`${start} closed the connection unexpectedly (${reason})`, true);
  if (TIMEOUT_CODES.has(code)) return failure(`The connection to ${subject} timed out (${reason})`, true);
  if (code.startsWith('HPE_')) return failure(`${start}'s answer is not valid HTTP (${reason})`);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    return failure(`The TLS handshake with ${subject} failed (${reason})`);
  }
  return failure(`Cannot reach ${subject} (${reason})`);
}

const TRANSIENT_STATUSES = new Set([429, 502, 503, 504]);

/** Converts a status other than 2xx to an error. `retryAfterMs` is the pause that the answer requests. */
export function toStatusFailure(status: number, retryAfterMs?: number): CctError {
  const code = codeOfStatus(status);
  const pause = retryAfterMs === undefined ? '' : ` (retry after ${formatCount(Math.ceil(retryAfterMs / 1000))} s)`;
  const message = `The tracker answered ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd() + pause;
  return new CctError(code, message, { retryAfterMs, isTransient: TRANSIENT_STATUSES.has(status) });
}

function codeOfStatus(status: number) {
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  if (status === 429) return 'throttled';
  return status >= 500 && status <= 599 ? 'unavailable' : 'unexpected-answer';
}

const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*?( GMT)?$/;

/** Parses `Retry-After` (RFC 9110, 10.2.3), seconds or an HTTP date, to milliseconds from now; undefined for anything else. */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  // Date.parse also accepts other texts, such as `-5`, and reads asctime's format, which has no zone, as local time.
  const date = HTTP_DATE.exec(value.trim());
  if (!date) return undefined;
  const atMs = Date.parse(date[1] === undefined ? `${date[0]} GMT` : date[0]);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

/** Whether the tracker, or the network to it, is down: refused, reset, DNS, TLS, timeout or 5xx. */
export function isDown(thrown: unknown): thrown is CctError {
  return thrown instanceof CctError && (thrown.code === 'unavailable' || thrown.code === 'unverified-certificate');
}

/** Whether the caller ended an attempt, by its deadline or by disconnecting. */
export function isEndedByCaller(thrown: unknown): thrown is CctError {
  return thrown instanceof CctError && (thrown.code === 'deadline' || thrown.code === 'interrupted');
}

// If the deadline ends an attempt earlier than this, the tracker may still be up.
const SILENT_MS = 1_000;

/** The failure of an attempt of `tookMs` that found the tracker down; undefined for any other result. */
export function findDownFailure(thrown: unknown, tookMs: number): CctError | undefined {
  if (isDown(thrown)) return thrown;
  const isSilent = thrown instanceof CctError && thrown.code === 'deadline' && tookMs >= SILENT_MS;
  return isSilent ? new CctError('unavailable', `The tracker did not answer within ${formatCount(tookMs)} ms`) : undefined;
}
