import { setMaxListeners } from 'node:events';
import { Hono } from 'hono';
import { askAll } from '../core/enrich.ts';
import { createEnvelopeBuilder, writeEnvelope } from '../core/envelope.ts';
import type { CctError, RelayError, RelayErrorCode } from '../core/errors.ts';
import { toCctError, toRelayError } from '../core/errors.ts';
import type { Mode, Tally } from '../core/ledger.ts';
import { count, createTally, toLedgerRow } from '../core/ledger.ts';
import type { Observable } from '../core/observable.ts';
import type { PlanRules } from '../core/plan.ts';
import { plan } from '../core/plan.ts';
import { toSafeJson } from '../core/safe-text.ts';
import type { Tracker } from '../core/tracker.ts';
import type { Authenticator } from './auth.ts';
import { CallContext } from './deadline.ts';
import type { Endpoint, EndpointId } from './endpoints.ts';
import { toServedEndpoints } from './endpoints.ts';
import type { HealthCheck } from './health.ts';
import { toLandingJson, toLandingPage, toLandingPolicy } from './landing-page.ts';
import type { RelayLog } from './log.ts';
import type { Metrics, TrackerState } from './metrics.ts';
import { METRICS_CONTENT_TYPE } from './metrics.ts';
import { toOpenApi } from './openapi.ts';
import type { ProblemStatus, Refusal } from './problem.ts';
import { ANSWER_HEADERS, toBugError, toProblemBody } from './problem.ts';
import { toReferrals } from './referrals.ts';
import { MAX_BODY_BYTES, parseObservables, createBodyReader } from './request-body.ts';
import type { BodyReader } from './request-body.ts';

export interface RelayOptions {
  readonly version: string;
  /** The tracker's base URL, with its trailing slash: documents and links lead there. */
  readonly apiUrl: string;
  readonly tracker: Tracker;
  readonly checkHealth: HealthCheck;
  /** What is asked about. */
  readonly rules: PlanRules;
  /** What gets a link to the tracker's own site: following it tells the site, also where a snapshot answers. */
  readonly linkRules: PlanRules;
  /** What a request may take from its first byte to its answer. */
  readonly deadlineMs: number;
  readonly authenticate: Authenticator;
  /** Whether `authenticate` asks for anything. */
  readonly hasToken: boolean;
  /** Undefined: there is no `/metrics`. */
  readonly metrics: Metrics | undefined;
  readonly readTracker: () => TrackerState;
  readonly log: RelayLog;
  readonly logObservables: boolean;
  /** Ends what is under way, with what is ready. */
  readonly stopping: AbortSignal;
  readonly now: () => Date;
  /** A clock that only runs forward, for durations. */
  readonly monotonicMs: () => number;
  readonly newRequestId: () => string;
}

/** What a shell knows of a caller besides the request. */
export interface Caller {
  readonly address: string;
  /** Calls back when the caller goes away before its answer is sent. Default: when the request's signal aborts, which costs more. */
  readonly onLeave?: ((callback: () => void) => void) | undefined;
  /** What the shell has left for the answer, where that may be less than `deadlineMs`. Default: as long as that. */
  readonly timeLeftMs?: number | undefined;
  /** Why the shell cut the request off before its body was whole; undefined where the caller did that. Default: it never does. */
  readonly refusal?: (() => Refusal | undefined) | undefined;
}

/** The relay: never rejects, and never answers with a status of 5xx. */
export type RelayApp = (request: Request, caller: Caller) => Promise<Response>;

/** One request on its way to its answer, and what the log will tell of it. */
interface Exchange {
  readonly request: Request;
  readonly onLeave: (callback: () => void) => void;
  readonly refusal: () => Refusal | undefined;
  readonly requestId: string;
  readonly startedMs: number;
  /** What it may take from its start. */
  readonly deadlineMs: number;
  endpoint?: Endpoint;
  tally?: Tally;
  observables?: readonly Observable[];
  errorCodes: readonly RelayErrorCode[];
  hasLeft: boolean;
}

type Handler = (exchange: Exchange) => Response | Promise<Response>;

// Of an id from outside: nothing that could break out of a header or a log, and not long.
const SANE_ID = /^[\w.:-]{1,128}$/;

/** The relay as a value, for any shell: a server, AWS Lambda, a test. */
export function createApp(options: RelayOptions): RelayApp {
  const { log, metrics, monotonicMs, newRequestId } = options;
  const offered = toServedEndpoints({ hasMetrics: metrics !== undefined });
  const handlers = createHandlers(options, offered);
  // Every request under way listens to it.
  setMaxListeners(0, options.stopping);
  const router = new Hono<{ Bindings: Exchange }>({ strict: false });
  for (const endpoint of offered) {
    router.on(endpoint.method, endpoint.path, async ({ env: exchange }) => {
      exchange.endpoint = endpoint;
      if (endpoint.needsToken) await options.authenticate(exchange.request.headers.get('authorization'));
      return handlers[endpoint.id](exchange);
    });
  }
  router.notFound(({ env: exchange, req }) => toNoSuchEndpoint(exchange, offered, req.path));
  router.onError((thrown, { env: exchange }) => toFailure(exchange, thrown, log));

  return async (request, caller) => {
    const { address, onLeave = listenToSignal(request), refusal = () => undefined, timeLeftMs = Infinity } = caller;
    const deadlineMs = Math.min(options.deadlineMs, timeLeftMs);
    const given = request.headers.get('x-request-id');
    const requestId = given !== null && SANE_ID.test(given) ? given : newRequestId();
    const started = { requestId, startedMs: monotonicMs() };
    const exchange: Exchange = { request, onLeave, refusal, deadlineMs, ...started, errorCodes: [], hasLeft: false };
    metrics?.requestStarted();
    const response = await router.fetch(request, exchange);
    metrics?.requestEnded();
    record(exchange, { status: response.status, address }, options);
    return response;
  };
}

function listenToSignal(request: Request): (callback: () => void) => void {
  return (callback) => {
    const { signal } = request;
    if (signal.aborted) callback();
    else signal.addEventListener('abort', callback, { once: true });
  };
}

// What nginx says of such a request; an answer was made, but is none.
const CALLER_LEFT_STATUS = 499;

function record(exchange: Exchange, answered: { status: number; address: string }, options: RelayOptions): void {
  const { request, requestId, startedMs, endpoint, tally } = exchange;
  const { address } = answered;
  const status = exchange.hasLeft ? CALLER_LEFT_STATUS : answered.status;
  const errorCodes = exchange.hasLeft ? [] : exchange.errorCodes;
  const durationMs = options.monotonicMs() - startedMs;
  const route = endpoint?.path ?? 'unknown';
  options.metrics?.countRequest({ route, status, durationMs, hasLeft: exchange.hasLeft });
  if (tally) options.metrics?.countObservables(tally);
  options.log.request({
    requestId,
    method: request.method,
    route,
    status,
    durationMs,
    address,
    outcomes: tally,
    errorCodes,
    hasLeft: exchange.hasLeft,
    observables: options.logObservables ? exchange.observables : undefined,
  });
}

function createHandlers(options: RelayOptions, offered: readonly Endpoint[]): Record<EndpointId, Handler> {
  const { version, apiUrl, checkHealth, linkRules, metrics, hasToken } = options;
  const readBody = createBodyReader();
  const openApi = `${toSafeJson(toOpenApi({ version, hasToken, hasMetrics: metrics !== undefined }))}\n`;
  return {
    health: async (exchange) => {
      const error = await checkHealth(exchange.deadlineMs);
      return error ? toErrors(exchange, [toRelayError(error)]) : toJson(exchange, { data: { status: 'ok' } });
    },
    deliberate: (exchange) => answerObservables(exchange, 'deliberate', readBody, options),
    observe: (exchange) => answerObservables(exchange, 'observe', readBody, options),
    refer: (exchange) =>
      withObservables(exchange, readBody, (observables) =>
        toJson(exchange, { data: toReferrals(plan(observables, linkRules), apiUrl) }),
      ),
    version: (exchange) => toJson(exchange, { version }),
    watchdog: (exchange) => {
      const echo = exchange.request.headers.get('health-check');
      if (echo !== null) return toJson(exchange, { data: echo });
      return toErrors(exchange, [
        { type: 'fatal', code: 'health check failed', message: 'The request has no Health-Check header' },
      ]);
    },
    landing: (exchange) => {
      const facts = { version, endpoints: offered };
      if (!prefersHtml(exchange.request)) return toJson(exchange, toLandingJson(facts));
      const baseUrl = new URL(exchange.request.url).origin;
      return toResponse(exchange, 200, toLandingPage({ ...facts, hasToken, baseUrl }), {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': toLandingPolicy(),
      });
    },
    openapi: (exchange) => toResponse(exchange, 200, openApi),
    metrics: (exchange) =>
      toResponse(exchange, 200, metrics?.write(options.readTracker()) ?? '', { 'Content-Type': METRICS_CONTENT_TYPE }),
  };
}

function prefersHtml({ headers }: Request): boolean {
  return /\btext\/html\b/i.test(headers.get('accept') ?? '');
}

/** Runs `answer` on the observables of the body; a body that is too long is answered here. */
async function withObservables(
  exchange: Exchange,
  readBody: BodyReader,
  answer: (observables: readonly Observable[]) => Response | Promise<Response>,
): Promise<Response> {
  const body = await readBody(exchange.request);
  if (body === null) return toProblem(exchange, 413, `The body is longer than ${MAX_BODY_BYTES} bytes: ask about fewer at once`);
  const observables = parseObservables(body);
  exchange.observables = observables;
  return answer(observables);
}

function answerObservables(exchange: Exchange, mode: Mode, readBody: BodyReader, options: RelayOptions): Promise<Response> {
  const { tracker, apiUrl, rules, stopping, now, monotonicMs, log } = options;
  const { deadlineMs } = exchange;
  return withObservables(exchange, readBody, async (observables) => {
    const tally = createTally();
    const builder = createEnvelopeBuilder(mode);
    const elapsedMs = monotonicMs() - exchange.startedMs;
    const onEnd = (end: (reason: unknown) => void) =>
      exchange.onLeave(() => {
        exchange.hasLeft = true;
        end(undefined);
      });
    const context = new CallContext({ signals: [stopping], onEnd, deadlineMs, elapsedMs, now });
    const bugs = new Set<unknown>();
    try {
      for (const answered of askAll(plan(observables, rules), { tracker, context })) {
        const outcome = answered instanceof Promise ? await answered : answered;
        count(tally, outcome);
        builder.add(toLedgerRow(outcome, { mode, apiUrl }));
        if (outcome.status === 'failed') noteFailure(outcome.error, bugs, options);
      }
    } finally {
      context.stop();
    }
    for (const cause of bugs) log.problem('A lookup ended in a bug', { requestId: exchange.requestId, cause });
    exchange.tally = tally;
    const envelope = builder.toEnvelope();
    exchange.errorCodes = envelope.errors.map(({ code }) => code);
    let text = '';
    for (const piece of writeEnvelope(envelope)) text += piece;
    return toResponse(exchange, 200, text);
  });
}

function noteFailure(error: CctError, bugs: Set<unknown>, { log, logObservables }: RelayOptions): void {
  if (error.code === 'internal') bugs.add(error.cause);
  if (error.rawExtract === undefined) return;
  // The tracker may say what it was asked.
  const said = logObservables ? `: ${error.rawExtract}` : ' not understood; --log-observables shows it';
  log.detail(`the answer of the tracker was${said}`);
}

/** What a handler that threw is answered with; a bug is told with its stack. */
function toFailure(exchange: Exchange, thrown: unknown, log: RelayLog): Response {
  const error = toCctError(thrown);
  // Nothing but the body of a request breaks off. What is answered now is for the log: nobody can read it.
  if (error.code === 'interrupted') {
    const refusal = exchange.refusal();
    if (refusal) return toProblem(exchange, refusal.status, refusal.reason);
    exchange.hasLeft = true;
  }
  if (error.code === 'internal') {
    log.problem('A request ended in a bug', { requestId: exchange.requestId, cause: thrown });
    return toErrors(exchange, [toBugError(exchange.requestId)]);
  }
  // A scraper goes by the status, not by the body.
  if (error.code === 'unauthorized' && exchange.endpoint?.id === 'metrics') {
    return toProblem(exchange, 401, error.message, { 'WWW-Authenticate': 'Bearer' });
  }
  return toErrors(exchange, [toRelayError(error)]);
}

function toNoSuchEndpoint(exchange: Exchange, offered: readonly Endpoint[], path: string): Response {
  // The router has taken one slash off its end already, as it does to find an endpoint.
  const endpoint = offered.find((candidate) => candidate.path === path);
  if (!endpoint) return toProblem(exchange, 404, 'There is no such endpoint: GET / lists them');
  exchange.endpoint = endpoint;
  const allow = endpoint.method === 'GET' ? 'GET, HEAD' : endpoint.method;
  return toProblem(exchange, 405, `${endpoint.path} takes ${allow} only`, { Allow: allow });
}

function toProblem(
  exchange: Exchange,
  status: ProblemStatus,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return toResponse(exchange, status, toProblemBody({ status, reason }), headers);
}

function toErrors(exchange: Exchange, errors: readonly RelayError[]): Response {
  exchange.errorCodes = errors.map(({ code }) => code);
  return toJson(exchange, { errors });
}

function toJson(exchange: Exchange, value: unknown): Response {
  return toResponse(exchange, 200, `${toSafeJson(value)}\n`);
}

function toResponse(
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
