import type { RelayError } from '../../core/errors.ts';
import { toSafeJson } from '../../core/safe-text.ts';

/** The statuses other than 200, with the phrases that Node sends with them. */
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
  501: 'Not Implemented',
} as const;

export type ProblemStatus = keyof typeof PROBLEM_PHRASES;

/** Why a request is not answered with 200. */
export interface Refusal {
  readonly status: ProblemStatus;
  readonly reason: string;
}

/** The abort reason of a request that the server cut off. The server has already sent the refusal. */
export class CutOff extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

/** The common headers of answers. HTML overrides the first. */
export const ANSWER_HEADERS = {
  'Content-Type': 'application/json; charset=utf-8',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
} as const;

/** The body of the answer to a request that failed because of a bug. */
export function toBugBody(requestId: string): string {
  return `${toSafeJson({ errors: [toBugError(requestId)] })}\n`;
}

export function toBugError(requestId: string): RelayError {
  return {
    type: 'fatal',
    code: 'internal error',
    message: `This is a bug in cct; see the log of the relay for request ${requestId}`,
  };
}

/** The body of an answer with a status other than 200. */
export function toProblemBody({ status, reason }: Refusal): string {
  return `${toSafeJson({ code: status, message: PROBLEM_PHRASES[status], reason })}\n`;
}
