import type { RelayError, RelayErrorCode } from '../../core/errors.ts';
import type { Tally } from '../../core/ledger/ledger.ts';
import type { Observable } from '../../core/observables/observable.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import type { Endpoint } from '../endpoints.ts';
import type { ProblemStatus } from './problem.ts';
import { ANSWER_HEADERS, toProblemBody } from './problem.ts';

/** A request, and what its handlers report for the log and the metrics. */
export interface Exchange {
  readonly request: Request;
  /** See `toPath`. In the request's URL, dot segments are resolved. */
  readonly path: string;
  /** Aborts when the caller disconnects, or with a `CutOff`. */
  readonly signal: AbortSignal;
  /** See `Caller`. */
  readonly onBody: (() => void) | undefined;
  readonly requestId: string;
  readonly startedMs: number;
  /** Milliseconds from its start. */
  readonly deadlineMs: number;
  endpoint?: Endpoint;
  tally?: Tally;
  observables?: readonly Observable[];
  errorCodes: readonly RelayErrorCode[];
  /** Why the token was refused. */
  authFailure?: string;
  hasLeft: boolean;
}

type HeaderRecord = Readonly<Record<string, string>>;

/** An answer with a status other than 200. */
export function toProblem(exchange: Exchange, status: ProblemStatus, reason: string, headers: HeaderRecord = {}): Response {
  return toResponse(exchange, status, toProblemBody({ status, reason }), headers);
}

/** An answer with only errors, with status 200. */
export function toErrors(exchange: Exchange, errors: readonly RelayError[]): Response {
  exchange.errorCodes = errors.map(({ code }) => code);
  return toJson(exchange, { errors });
}

export function toJson(exchange: Exchange, value: unknown): Response {
  return toResponse(exchange, 200, `${toSafeJson(value)}\n`);
}

/** An answer with the common headers, which `headers` override. */
export function toResponse({ requestId }: Exchange, status: number, body: string, headers: HeaderRecord = {}): Response {
  // Short answers are not compressed.
  const length = String(Buffer.byteLength(body));
  return new Response(body, {
    status,
    headers: { 'Content-Length': length, 'X-Request-Id': requestId, ...ANSWER_HEADERS, ...headers },
  });
}
