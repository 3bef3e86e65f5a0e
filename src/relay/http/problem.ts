import type { RelayError } from '../../core/errors.ts';
import { toSafeJson } from '../../core/safe-text.ts';

/** The statuses other than 200 with which requests are answered, each with the words that Node puts beside it. */
export const PROBLEM_PHRASES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
} as const;

export type ProblemStatus = keyof typeof PROBLEM_PHRASES;

/** Why a request was not answered with 200. `reason` says what did not fit. */
export interface Refusal {
  readonly status: ProblemStatus;
  readonly reason: string;
}

/** The headers of every answer that is JSON, those excepted that depend on the request. */
export const ANSWER_HEADERS = {
  'Content-Type': 'application/json; charset=utf-8',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
} as const;

/** The body of an answer where a bug kept the relay from a better one. */
export function toBugBody(requestId: string): string {
  return `${toSafeJson({ errors: [toBugError(requestId)] })}\n`;
}

/** What a caller is told of a bug. */
export function toBugError(requestId: string): RelayError {
  return {
    type: 'fatal',
    code: 'internal error',
    message: `This is a bug in cct; see the log of the relay for request ${requestId}`,
  };
}

/** The body of an answer with a problem: JSON, and a line break. */
export function toProblemBody({ status, reason }: Refusal): string {
  return `${toSafeJson({ code: status, message: PROBLEM_PHRASES[status], reason })}\n`;
}
