import type { RelayError, RelayErrorCode } from '../../core/errors.ts';
import type { Tally } from '../../core/ledger.ts';
import type { Observable } from '../../core/observable.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import type { Endpoint } from '../docs/endpoints.ts';
import type { ProblemStatus } from './problem.ts';
import { ANSWER_HEADERS, toProblemBody } from './problem.ts';

/** One request on its way to its answer, and what the log will tell of it. */
export interface Exchange {
  readonly request: Request;
  /** Aborts when the caller disconnects, or with a `CutOff`. */
  readonly signal: AbortSignal;
  readonly requestId: string;
  readonly startedMs: number;
  /** What it may take from its start. */
  readonly deadlineMs: number;
  endpoint?: Endpoint;
  tally?: Tally;
  observables?: readonly Observable[];
  errorCodes: readonly RelayErrorCode[];
  /** Why the token was refused. */
  authFailure?: string;
  hasLeft: boolean;
}

/** An answer whose HTTP status says that the request did not fit; `reason` says what. */
export function toProblem(
  exchange: Exchange,
  status: ProblemStatus,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return toResponse(exchange, status, toProblemBody({ status, reason }), headers);
}

/** An answer of errors alone, with status 200; the log will tell their codes. */
export function toErrors(exchange: Exchange, errors: readonly RelayError[]): Response {
  exchange.errorCodes = errors.map(({ code }) => code);
  return toJson(exchange, { errors });
}

/** An answer with status 200. */
export function toJson(exchange: Exchange, value: unknown): Response {
  return toResponse(exchange, 200, `${toSafeJson(value)}\n`);
}

/** An answer, with the headers that all of them carry; `headers` go over these. */
export function toResponse(
  { requestId }: Exchange,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(body, {
    status,
    headers: {
      ...ANSWER_HEADERS,
      'X-Request-Id': requestId,
      ...headers,
    },
  });
}
