import type { RelayErrorCode } from '../../core/errors.ts';
import type { RefusedRequest } from '../http/refusals.ts';
import type { Tally } from '../../core/ledger.ts';
import type { Observable } from '../../core/observable.ts';
import { toSafeJson, toVisible } from '../../core/safe-text.ts';

/** What is told of a request when it was answered. */
export interface RequestRecord {
  readonly requestId: string;
  readonly method: string;
  /** The path of an endpoint; `unknown` for any other, since a path may hold an observable. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  /** Of the connection; behind a proxy this is the proxy's. */
  readonly address: string;
  readonly outcomes?: Pick<Tally, 'listed' | 'unlisted' | 'skipped' | 'failed'> | undefined;
  /** The codes of the answer's errors. */
  readonly errorCodes: readonly RelayErrorCode[];
  /** Why the token was refused; holds no part of it. */
  readonly authFailure?: string | undefined;
  /** The caller went away before the answer was sent. */
  readonly hasLeft: boolean;
  /** Only with `--log-observables`. */
  readonly observables?: readonly Observable[] | undefined;
}

/** What a server says about itself while it runs. */
export interface RelayLog {
  request(record: RequestRecord): void;
  /** A request that never got to an endpoint. */
  refused(request: RefusedRequest): void;
  note(text: string): void;
  /** Nothing has failed in the relay, but somebody should know. */
  warning(text: string): void;
  /** Said when verbose. */
  detail(text: string): void;
  /** Something is wrong; `cause` is told with its stack. */
  problem(text: string, fields?: { readonly requestId?: string; readonly cause?: unknown }): void;
}

export interface LogOptions {
  readonly write: (text: string) => void;
  readonly now: () => Date;
  readonly isVerbose: boolean;
  /** Then only problems are told. */
  readonly isQuiet: boolean;
}

/** A log for machines: one JSON object a line. Text from outside is escaped so that a terminal obeys none of it. */
export function createJsonLog({ write, now, isVerbose, isQuiet }: LogOptions): RelayLog {
  const say = (level: 'debug' | 'info' | 'warn' | 'error', msg: string, fields: object = {}) =>
    write(`${toSafeJson({ level, time: now().toISOString(), ...fields, msg })}\n`);
  const tell = isQuiet ? () => undefined : say;
  return {
    request: (record) => tell('info', 'request', toFields(record)),
    refused: ({ method, status, address, reason }) =>
      status === undefined
        ? tell('info', 'connection', { address, refused: reason })
        : tell('info', 'request', { method, route: 'unknown', status, address, refused: reason }),
    note: (text) => tell('info', text),
    warning: (text) => tell('warn', text),
    detail: (text) => (isVerbose ? tell('debug', text) : undefined),
    problem: (text, { requestId, cause } = {}) =>
      say('error', text, { request_id: requestId, ...(cause === undefined ? {} : { stack: toStack(cause) }) }),
  };
}

function toFields(record: RequestRecord) {
  const { requestId, method, route, status, durationMs, address, outcomes, errorCodes, authFailure, hasLeft, observables } =
    record;
  return {
    request_id: requestId,
    method,
    route,
    status,
    duration_ms: Math.round(durationMs * 1000) / 1000,
    address,
    ...(outcomes && {
      listed: outcomes.listed,
      unlisted: outcomes.unlisted,
      skipped: outcomes.skipped,
      failed: outcomes.failed,
    }),
    ...(errorCodes.length > 0 && { errors: errorCodes }),
    ...(authFailure !== undefined && { reason: authFailure }),
    ...(hasLeft && { caller_left: true }),
    ...(observables && { observables }),
  };
}

/** The same for a person at a terminal: a line that can be read. */
export function createTextLog({ write, now, isVerbose, isQuiet }: LogOptions): RelayLog {
  const say = (text: string) => write(`${now().toTimeString().slice(0, 8)} ${toVisible(text)}\n`);
  return {
    request: (record) => (isQuiet ? undefined : say(toLine(record))),
    refused: ({ method, status, address, reason }) =>
      isQuiet ? undefined : say([method ?? '-', 'unknown', status ?? 'dropped', reason, address].join(' · ')),
    note: (text) => (isQuiet ? undefined : say(text)),
    warning: (text) => (isQuiet ? undefined : say(`warning: ${text}`)),
    detail: (text) => (isVerbose && !isQuiet ? say(text) : undefined),
    problem(text, { requestId, cause } = {}) {
      say(requestId === undefined ? text : `${text} (request ${requestId})`);
      if (cause !== undefined) for (const line of toStack(cause).split('\n')) write(`${toVisible(line)}\n`);
    },
  };
}

function toLine(record: RequestRecord): string {
  const { method, route, status, durationMs, address, outcomes, errorCodes, authFailure, hasLeft, observables } = record;
  const counts = outcomes
    ? [`${outcomes.listed} listed, ${outcomes.unlisted} unlisted, ${outcomes.skipped} skipped, ${outcomes.failed} failed`]
    : [];
  const values = observables ? [observables.map(({ value }) => value).join(' ')] : [];
  const parts = [
    `${method} ${route}`,
    String(status),
    `${durationMs.toFixed(1)} ms`,
    ...counts,
    ...errorCodes,
    ...(authFailure === undefined ? [] : [authFailure]),
    ...(hasLeft ? ['caller disconnected'] : []),
    address,
    ...values,
  ];
  return parts.join(' · ');
}

/** The stack of what was thrown, and those of its causes. */
function toStack(thrown: unknown): string {
  const stacks: string[] = [];
  let cause = thrown;
  while (cause instanceof Error && stacks.length < 10) {
    stacks.push(cause.stack ?? cause.message);
    cause = cause.cause;
  }
  return stacks.length > 0 ? stacks.join('\ncaused by: ') : String(thrown);
}
