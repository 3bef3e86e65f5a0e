import * as z from 'zod/mini';
import type { RelayApp, RelayOptions } from '../../src/relay/app.ts';
import { createApp } from '../../src/relay/app.ts';
import type { Endpoint } from '../../src/relay/endpoints.ts';
import type { RelayLog, RequestRecord } from '../../src/relay/telemetry/log.ts';
import type { Metrics } from '../../src/relay/telemetry/metrics.ts';
import { createMetrics } from '../../src/relay/telemetry/metrics.ts';
import type { RefusedRequest } from '../../src/relay/http/refusals.ts';
import { sampleSnapshotText } from '../../src/tracker/snapshot/sample-snapshot.ts';
import { createSnapshotTracker } from '../../src/tracker/snapshot/matching.ts';
import { parseSnapshot } from '../../src/tracker/snapshot/snapshot-file.ts';
import { FIXED_NOW } from './run-cct.ts';

/** The log of a relay. */
export interface RecordedLog extends RelayLog {
  readonly requests: RequestRecord[];
  readonly refusals: RefusedRequest[];
  readonly notes: string[];
  readonly warnings: string[];
  readonly details: string[];
  readonly problems: { readonly text: string; readonly requestId: string | undefined; readonly cause: unknown }[];
}

/** A log in memory. */
export function createRecordedLog(): RecordedLog {
  const log = {
    requests: [] as RequestRecord[],
    refusals: [] as RefusedRequest[],
    notes: [] as string[],
    warnings: [] as string[],
    details: [] as string[],
    problems: [] as RecordedLog['problems'],
  };
  return {
    ...log,
    request: (record) => void log.requests.push(record),
    refused: (request) => void log.refusals.push(request),
    note: (text) => void log.notes.push(text),
    warning: (text) => void log.warnings.push(text),
    detail: (text) => void log.details.push(text),
    problem: (text, { requestId, cause } = {}) => void log.problems.push({ text, requestId, cause }),
  };
}

/** An answer, its body as text and, where it is JSON, parsed. */
export interface RelayReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

/** A relay without a socket. */
export interface TestRelay {
  readonly log: RecordedLog;
  readonly app: RelayApp;
  /** Sends `body` unchanged when it is text or bytes, else as JSON. */
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<RelayReply>;
  send(request: Request): Promise<RelayReply>;
}

/** Observables that the built-in sample lists. */
export const PANEL = { type: 'url', value: 'http://panel.example/d12/cp.php?m=login' };
export const ADDRESS = { type: 'ip', value: '198.51.100.60' };

/** Figures of a relay that began at the moment at which it stands still. */
export function createTestMetrics(): Metrics {
  return createMetrics({ version: '1.2.3' });
}

const never = new AbortController().signal;

/** A relay over the built-in sample, at a moment that stands still; anything of it can be changed. */
export function createRelay(options: Partial<RelayOptions> = {}): TestRelay {
  const log = createRecordedLog();
  let ids = 0;
  const app = createApp({
    version: '1.2.3',
    apiUrl: 'https://tracker.example/',
    tracker: createSnapshotTracker(parseSnapshot(sampleSnapshotText), { now: () => FIXED_NOW }),
    checkHealth: () => Promise.resolve(null),
    rules: { includePrivate: false },
    maxObservables: 1000,
    linkRules: { includePrivate: false },
    deadlineMs: 25_000,
    authenticate: () => Promise.resolve(),
    hasToken: false,
    describeSource: () => Promise.resolve({ answers: 'snapshot', list_date: '2018-01-31' }),
    metrics: undefined,
    readState: () => ({ inFlight: 0, waiting: 0, breaker: undefined }),
    log,
    logObservables: false,
    stopping: never,
    monotonicMs: () => 0,
    newRequestId: () => `made-${(ids += 1)}`,
    ...options,
  });
  const send = async (request: Request): Promise<RelayReply> => {
    const response = await app(request, { address: '127.0.0.1', signal: request.signal });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true && text !== '';
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? z.unknown().parse(JSON.parse(text)) : undefined,
    };
  };
  return {
    log,
    app,
    send,
    ask: (method, path, body, headers = {}) =>
      send(
        new Request(`http://relay.example${path}`, { method, headers, ...(body === undefined ? {} : { body: toBody(body) }) }),
      ),
  };
}

/** Sends an endpoint a request of its method, with a body that is valid for all. */
export function askEndpoint(
  relay: TestRelay,
  { method, path }: Endpoint,
  headers: Readonly<Record<string, string>> = {},
): Promise<RelayReply> {
  return relay.ask(method, path, method === 'POST' ? [] : undefined, headers);
}

function toBody(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}
