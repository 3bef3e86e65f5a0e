import { setMaxListeners } from 'node:events';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { toCctError, toRelayError } from '../core/errors.ts';
import type { Authenticator } from './auth/auth.ts';
import { AUTH_FAILURE_PREFIX } from './auth/auth.ts';
import type { Endpoint } from './endpoints.ts';
import { toPath, toServedEndpoints } from './endpoints.ts';
import type { Exchange } from './http/exchange.ts';
import { toErrors, toProblem } from './http/exchange.ts';
import type { HandlerOptions } from './handlers.ts';
import { createHandlers } from './handlers.ts';
import type { RelayLog } from './telemetry/log.ts';
import { CutOff, toBugError } from './http/problem.ts';

export interface RelayOptions extends HandlerOptions {
  /** Milliseconds from a request's first byte to its answer. */
  readonly deadlineMs: number;
  readonly authenticate: Authenticator;
  readonly newRequestId: () => string;
}

/** What the server or Lambda passes with a request. */
export interface Caller {
  readonly address: string;
  /** The request target as it was received. Default: the request's URL, in which dot segments are resolved. */
  readonly target?: string | undefined;
  /** Aborts when the caller disconnects before its answer is sent, or with a `CutOff` before its body is complete. */
  readonly signal: AbortSignal;
  /** Called before the body is read, so not for a request that is refused without reading it. */
  readonly onBody?: (() => void) | undefined;
  /** A shorter deadline in milliseconds, if any. */
  readonly timeLeftMs?: number | undefined;
}

/** The relay. Never rejects, and never answers with a 5xx status. */
export type RelayApp = (request: Request, caller: Caller) => Promise<Response>;

// Ids from callers that are safe in a header and a log.
const VALID_ID = /^[\w.:-]{1,128}$/;

/** Creates the relay's app, for a server, AWS Lambda or a test. */
export function createApp(options: RelayOptions): RelayApp {
  const { log, metrics, monotonicMs, newRequestId } = options;
  const served = toServedEndpoints({ hasMetrics: metrics !== undefined });
  const handlers = createHandlers(options, served);
  // Each request in progress adds a listener.
  setMaxListeners(0, options.stopping);
  const router = new Hono<{ Bindings: Exchange }>({ getPath: (_request, options) => options?.env?.path ?? '' });
  const gzip = compress({ encoding: 'gzip' });
  router.use((context, next) => (context.req.header('accept-encoding') === undefined ? next() : gzip(context, next)));
  for (const endpoint of served) {
    router.on(endpoint.method, endpoint.path, async ({ env: exchange }) => {
      exchange.endpoint = endpoint;
      if (endpoint.needsToken) await options.authenticate(exchange.request.headers.get('authorization'));
      return handlers[endpoint.id](exchange);
    });
  }
  router.notFound(({ env: exchange }) => toNoSuchEndpoint(exchange, served));
  router.onError((thrown, { env: exchange }) => toFailure(exchange, thrown, log));

  return async (request, { address, signal, target = request.url, onBody, timeLeftMs = Infinity }) => {
    const deadlineMs = Math.min(options.deadlineMs, timeLeftMs);
    const givenId = request.headers.get('x-request-id') ?? '';
    const requestId = VALID_ID.test(givenId) ? givenId : newRequestId();
    const startedMs = monotonicMs();
    const exchange: Exchange = {
      request,
      path: toPath(target),
      signal,
      onBody,
      deadlineMs,
      requestId,
      startedMs,
      errorCodes: [],
      hasLeft: false,
    };
    metrics?.requestStarted();
    const response = await router.fetch(request, exchange);
    metrics?.requestEnded();
    record(exchange, { status: response.status, address }, options);
    return response;
  };
}

// The status that nginx logs.
const CALLER_LEFT_STATUS = 499;

function record(exchange: Exchange, answered: { status: number; address: string }, options: RelayOptions): void {
  const { request, requestId, startedMs, tally, authFailure, hasLeft } = exchange;
  const common = {
    route: exchange.endpoint?.path ?? 'unknown',
    status: hasLeft ? CALLER_LEFT_STATUS : answered.status,
    durationMs: options.monotonicMs() - startedMs,
    hasLeft,
  } as const;
  options.metrics?.countRequest(common);
  if (tally) options.metrics?.countObservables(tally);
  options.log.request({
    requestId,
    method: request.method,
    address: answered.address,
    outcomes: tally,
    errorCodes: hasLeft ? [] : exchange.errorCodes,
    authFailure,
    observables: options.logObservables ? exchange.observables : undefined,
    ...common,
  });
}

/** Converts an error of a handler to an answer. Logs the stack of a bug. */
function toFailure(exchange: Exchange, thrown: unknown, log: RelayLog): Response {
  const error = toCctError(thrown);
  // Only reading the body is interrupted. The status is for the log: the caller cannot receive this answer.
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
  // Scrapers check the status, not the body.
  if (error.code === 'unauthorized' && exchange.endpoint?.id === 'metrics') {
    return toProblem(exchange, 401, error.message, { 'WWW-Authenticate': 'Bearer' });
  }
  return toErrors(exchange, [toRelayError(error)]);
}

function toNoSuchEndpoint(exchange: Exchange, served: readonly Endpoint[]): Response {
  const endpoint = served.find(({ path }) => path === exchange.path);
  if (!endpoint) return toProblem(exchange, 404, 'No such endpoint; GET / lists the endpoints');
  exchange.endpoint = endpoint;
  const allow = endpoint.method === 'GET' ? 'GET, HEAD' : endpoint.method;
  return toProblem(exchange, 405, `${endpoint.path} accepts only ${allow.replace(', ', ' and ')}`, { Allow: allow });
}
