import { setMaxListeners } from 'node:events';
import { Hono } from 'hono';
import { toCctError, toRelayError } from '../core/errors.ts';
import type { Authenticator } from './auth/auth.ts';
import { AUTH_FAILURE_PREFIX } from './auth/auth.ts';
import type { Endpoint } from './docs/endpoints.ts';
import { toServedEndpoints } from './docs/endpoints.ts';
import type { Exchange } from './http/exchange.ts';
import { toErrors, toProblem } from './http/exchange.ts';
import type { HandlerOptions } from './handlers.ts';
import { createHandlers } from './handlers.ts';
import type { RelayLog } from './telemetry/log.ts';
import { CutOff, toBugError } from './http/problem.ts';

/** What a relay is made of, all that its endpoints need included. */
export interface RelayOptions extends HandlerOptions {
  /** What a request may take from its first byte to its answer. */
  readonly deadlineMs: number;
  readonly authenticate: Authenticator;
  readonly newRequestId: () => string;
}

/** What a shell knows of a caller besides the request. */
export interface Caller {
  readonly address: string;
  /** Aborts when the caller disconnects before its answer is sent, or with a `CutOff` before its body is complete. */
  readonly signal: AbortSignal;
  /** How long the answer may take where that may be less than `deadlineMs`. Default: no limit. */
  readonly timeLeftMs?: number | undefined;
}

/** The relay: never rejects, and never answers with a status of 5xx. */
export type RelayApp = (request: Request, caller: Caller) => Promise<Response>;

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
    const { address, signal, timeLeftMs = Infinity } = caller;
    const deadlineMs = Math.min(options.deadlineMs, timeLeftMs);
    const given = request.headers.get('x-request-id');
    const requestId = given !== null && SANE_ID.test(given) ? given : newRequestId();
    const started = { requestId, startedMs: monotonicMs() };
    const exchange: Exchange = { request, signal, deadlineMs, ...started, errorCodes: [], hasLeft: false };
    metrics?.requestStarted();
    const response = await router.fetch(request, exchange);
    metrics?.requestEnded();
    record(exchange, { status: response.status, address }, options);
    return response;
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
    authFailure: exchange.authFailure,
    hasLeft: exchange.hasLeft,
    observables: options.logObservables ? exchange.observables : undefined,
  });
}

/** What a handler that threw is answered with; a bug is told with its stack. */
function toFailure(exchange: Exchange, thrown: unknown, log: RelayLog): Response {
  const error = toCctError(thrown);
  // Nothing but the body of a request breaks off. What is answered now is for the log: nobody can read it.
  if (error.code === 'interrupted') {
    const cause: unknown = exchange.signal.reason;
    if (cause instanceof CutOff) return toProblem(exchange, cause.refusal.status, cause.refusal.reason);
    exchange.hasLeft = true;
  }
  if (error.code === 'internal') {
    log.problem('A request failed because of a bug', { requestId: exchange.requestId, cause: thrown });
    return toErrors(exchange, [toBugError(exchange.requestId)]);
  }
  if (error.code === 'unauthorized') exchange.authFailure = error.message.replace(AUTH_FAILURE_PREFIX, '');
  // A scraper goes by the status, not by the body.
  if (error.code === 'unauthorized' && exchange.endpoint?.id === 'metrics') {
    return toProblem(exchange, 401, error.message, { 'WWW-Authenticate': 'Bearer' });
  }
  return toErrors(exchange, [toRelayError(error)]);
}

function toNoSuchEndpoint(exchange: Exchange, offered: readonly Endpoint[], path: string): Response {
  // The router has taken one slash off its end already, as it does to find an endpoint.
  const endpoint = offered.find((candidate) => candidate.path === path);
  if (!endpoint) return toProblem(exchange, 404, 'No such endpoint; GET / lists the endpoints');
  exchange.endpoint = endpoint;
  const allow = endpoint.method === 'GET' ? 'GET, HEAD' : endpoint.method;
  return toProblem(exchange, 405, `${endpoint.path} accepts only ${allow.replace(', ', ' and ')}`, { Allow: allow });
}
