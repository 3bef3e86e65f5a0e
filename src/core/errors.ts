/** Kinds of failure. Each has one exit status and one relay error, below. */
export type ErrorCode =
  | 'usage'
  | 'input'
  | 'too-many'
  | 'unauthorized'
  | 'output'
  | 'no-snapshot'
  | 'from-snapshot'
  | 'not-found'
  | 'unavailable'
  | 'forbidden'
  | 'throttled'
  | 'unverified-certificate'
  | 'unexpected-answer'
  | 'unintelligible'
  | 'deadline'
  | 'interrupted'
  | 'internal';

/** Error codes of relay answers, as Threat Response's modules use them. */
export type RelayErrorCode =
  | 'invalid argument'
  | 'authorization error'
  | 'not found'
  | 'service unavailable'
  | 'permission denied'
  | 'too many requests'
  | 'unknown'
  | 'key error'
  | 'health check failed'
  | 'internal error';

/** A row's error: the relay's codes, plus `interrupted`. */
export interface RowError extends Omit<RelayError, 'code'> {
  readonly code: RelayErrorCode | 'interrupted';
}

/** One item of a relay answer's `errors`. Its schema allows no other field. */
export interface RelayError {
  type: 'fatal' | 'warning';
  code: RelayErrorCode;
  message: string;
}

/** Exit status of a run that ends with an error of this code. For a batch see `toExitStatus` in `ledger.ts`. */
export const exitStatusByCode: Record<ErrorCode, number> = {
  usage: 2,
  input: 2,
  // A warning, which never ends a run.
  'too-many': 2,
  unauthorized: 2,
  output: 2,
  'no-snapshot': 4,
  // As above.
  'from-snapshot': 4,
  'not-found': 4,
  unavailable: 4,
  forbidden: 4,
  throttled: 4,
  'unverified-certificate': 4,
  'unexpected-answer': 4,
  unintelligible: 4,
  deadline: 4,
  interrupted: 130,
  internal: 1,
};

const relayKindByCode: Record<ErrorCode, Pick<RelayError, 'type' | 'code'>> = {
  usage: { type: 'fatal', code: 'invalid argument' },
  input: { type: 'fatal', code: 'invalid argument' },
  'too-many': { type: 'warning', code: 'too many requests' },
  unauthorized: { type: 'fatal', code: 'authorization error' },
  output: { type: 'fatal', code: 'internal error' },
  'no-snapshot': { type: 'fatal', code: 'service unavailable' },
  'from-snapshot': { type: 'warning', code: 'service unavailable' },
  'not-found': { type: 'fatal', code: 'not found' },
  unavailable: { type: 'fatal', code: 'service unavailable' },
  forbidden: { type: 'fatal', code: 'permission denied' },
  throttled: { type: 'fatal', code: 'too many requests' },
  'unverified-certificate': { type: 'fatal', code: 'unknown' },
  'unexpected-answer': { type: 'fatal', code: 'unknown' },
  unintelligible: { type: 'fatal', code: 'key error' },
  deadline: { type: 'warning', code: 'service unavailable' },
  interrupted: { type: 'warning', code: 'service unavailable' },
  internal: { type: 'fatal', code: 'internal error' },
};

/**
 * The one error class. `message` is one line that says what happened, to what, and what to do; it names no observable, so that equal
 * failures can be reported as one. `rawExtract` is the start of an answer that was not understood. `retryAfterMs` is the pause that
 * the tracker requested. `isTransient`: a retry may succeed.
 */
export class CctError extends Error {
  override readonly name = 'CctError';
  readonly code: ErrorCode;
  readonly rawExtract: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly isTransient: boolean;

  // Each bundle of the program may contain its own copy of this class.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'CctError';
  }

  constructor(
    code: ErrorCode,
    message: string,
    details: {
      cause?: unknown;
      rawExtract?: string | undefined;
      retryAfterMs?: number | undefined;
      isTransient?: boolean;
    } = {},
  ) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.rawExtract = details.rawExtract;
    this.retryAfterMs = details.retryAfterMs;
    this.isTransient = details.isTransient ?? false;
  }
}

/** Returns `CctError`s unchanged; wraps anything else as `internal`, with the original in `cause`. */
export function toCctError(thrown: unknown): CctError {
  if (thrown instanceof CctError) return thrown;
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return new CctError('internal', `This is a bug in cct: ${what}`, { cause: thrown });
}

/** Converts an error to an item of a relay answer. */
export function toRelayError(error: CctError): RelayError {
  return { ...relayKindByCode[error.code], message: error.message };
}

/** Converts an error to a row's error. */
export function toRowError(error: CctError): RowError {
  return error.code === 'interrupted' ? { ...toRelayError(error), code: 'interrupted' } : toRelayError(error);
}

/** The error code from Node or the system, such as `ENOENT`, if any. */
export function systemCodeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
