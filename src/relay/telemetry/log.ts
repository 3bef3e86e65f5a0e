import { pino } from 'pino';
import type { RelayErrorCode } from '../../core/errors.ts';
import type { Route } from '../endpoints.ts';
import type { RefusedRequest } from '../http/refusals.ts';
import type { Tally } from '../../core/ledger/ledger.ts';
import type { Observable } from '../../core/observables/observable.ts';
import { escapeJson, toVisible } from '../../core/safe-text.ts';

/** An answered request. */
export interface RequestRecord {
  readonly requestId: string;
  readonly method: string;
  readonly route: Route;
  readonly status: number;
  readonly durationMs: number;
  /** The caller's address, or that of a proxy that is not trusted. */
  readonly address: string;
  readonly outcomes?: Pick<Tally, 'listed' | 'unlisted' | 'skipped' | 'failed'> | undefined;
  readonly errorCodes: readonly RelayErrorCode[];
  /** Why the token was refused, without any part of it. */
  readonly authFailure?: string | undefined;
  /** Whether the caller disconnected before the answer was sent. */
  readonly hasLeft: boolean;
  /** Only with `--log-observables`. */
  readonly observables?: readonly Observable[] | undefined;
}

/** The log of a relay. */
export interface RelayLog {
  request(record: RequestRecord): void;
  /** A request that reached no endpoint, or a connection that was dropped. */
  refused(request: RefusedRequest): void;
  note(text: string): void;
  warning(text: string): void;
  /** Written only with `isVerbose`. */
  detail(text: string): void;
  /** An error, with the stack of `cause`. */
  problem(text: string, fields?: { readonly requestId?: string; readonly cause?: unknown }): void;
}

export interface LogOptions {
  /** Receives one entry at a time. */
  readonly write: (text: string) => void;
  readonly now: () => Date;
  /** Whether lines are text instead of JSON. Default false. */
  readonly isText?: boolean;
  readonly isVerbose: boolean;
  /** Writes only problems. */
  readonly isQuiet: boolean;
}

/** Creates a log: one JSON object per line, or lines of text. It writes nothing that a terminal would interpret. */
export function createLog({ write, now, isText = false, isVerbose, isQuiet }: LogOptions): RelayLog {
  const logger = pino(
    {
      level: isQuiet ? 'error' : isVerbose ? 'debug' : 'info',
      base: null,
      timestamp: () => `,"time":"${now().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
      hooks: { streamWrite: isText ? toText : escapeJson },
    },
    { write },
  );
  return {
    request: (record) => logger.info(toFields(record), 'request'),
    refused: ({ method, status, address, reason }) =>
      status === undefined
        ? logger.info({ address, refused: reason }, 'connection')
        : logger.info({ method, route: 'unknown', status, address, refused: reason }, 'request'),
    note: (text) => logger.info(text),
    warning: (text) => logger.warn(text),
    detail: (text) => logger.debug(text),
    problem: (text, { requestId, cause } = {}) =>
      logger.error({ request_id: requestId, stack: cause === undefined ? undefined : toStack(cause) }, text),
  };
}

/** Fields that are undefined are not written. */
function toFields({ requestId, method, route, status, durationMs, address, outcomes, ...more }: RequestRecord) {
  return {
    request_id: requestId,
    method,
    route,
    status,
    duration_ms: Math.round(durationMs * 1000) / 1000,
    address,
    listed: outcomes?.listed,
    unlisted: outcomes?.unlisted,
    skipped: outcomes?.skipped,
    failed: outcomes?.failed,
    errors: more.errorCodes.length > 0 ? more.errorCodes : undefined,
    reason: more.authFailure,
    caller_left: more.hasLeft || undefined,
    observables: more.observables,
  };
}

/** An entry as written above. */
interface Entry extends Partial<ReturnType<typeof toFields>> {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly refused?: string;
  readonly stack?: string;
}

function toText(json: string): string {
  const entry = JSON.parse(json) as Entry;
  const message = entry.msg === 'request' || entry.msg === 'connection' ? toRequestText(entry) : toMessageText(entry);
  const lines = [`${new Date(entry.time).toTimeString().slice(0, 8)} ${message}`, ...(entry.stack?.split('\n') ?? [])];
  return lines.map((line) => `${toVisible(line)}\n`).join('');
}

function toMessageText({ level, msg, request_id: requestId }: Entry): string {
  return (level === 'warn' ? 'warning: ' : '') + msg + (requestId === undefined ? '' : ` (request ${requestId})`);
}

function toRequestText({ method = '-', route, status, duration_ms: durationMs, listed, unlisted, ...entry }: Entry): string {
  const parts = [
    `${method} ${route ?? 'connection'}`,
    status,
    durationMs === undefined ? undefined : `${durationMs.toFixed(1)} ms`,
    listed === undefined ? undefined : `${listed} listed, ${unlisted} unlisted, ${entry.skipped} skipped, ${entry.failed} failed`,
    ...(entry.errors ?? []),
    entry.reason,
    entry.refused,
    entry.caller_left === true ? 'caller disconnected' : undefined,
    entry.address,
    entry.observables?.map(({ value }) => value).join(' '),
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** The stacks of an error and its causes. */
function toStack(thrown: unknown): string {
  const stacks: string[] = [];
  let cause = thrown;
  while (cause instanceof Error && stacks.length < 10) {
    stacks.push(cause.stack ?? cause.message);
    cause = cause.cause;
  }
  return stacks.length > 0 ? stacks.join('\ncaused by: ') : String(thrown);
}
