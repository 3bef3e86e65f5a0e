import { toRelayError } from '../core/errors.ts';
import type { PlanRules } from '../core/lookups/plan.ts';
import { toSafeJson } from '../core/safe-text.ts';
import type { AnsweringOptions } from './answer-observables.ts';
import { answerObservables, withPlans } from './answer-observables.ts';
import type { Endpoint, EndpointId } from './endpoints.ts';
import type { Exchange } from './http/exchange.ts';
import { toErrors, toJson, toResponse } from './http/exchange.ts';
import type { HealthCheck } from './health.ts';
import type { SourceFacts } from './docs/landing-page.ts';
import { toLandingJson, toLandingPage, toLandingPolicy } from './docs/landing-page.ts';
import type { Metrics, RelayState } from './telemetry/metrics.ts';
import { METRICS_CONTENT_TYPE } from './telemetry/metrics.ts';
import { toOpenApi } from './docs/openapi.ts';
import { toReferrals } from './referrals.ts';
import { createBodyReader } from './request-body.ts';

export interface HandlerOptions extends AnsweringOptions {
  readonly version: string;
  readonly checkHealth: HealthCheck;
  /** The rules for links to the tracker's site: following one reveals the observable, even if a snapshot answers lookups. */
  readonly linkRules: PlanRules;
  /** Whether callers need a token. */
  readonly hasToken: boolean;
  readonly describeSource: () => Promise<SourceFacts>;
  /** Undefined without `/metrics`. */
  readonly metrics: Metrics | undefined;
  readonly readState: () => RelayState;
}

type Handler = (exchange: Exchange) => Response | Promise<Response>;

/** Creates the handler of each endpoint; `served` are the endpoints of this relay. */
export function createHandlers(options: HandlerOptions, served: readonly Endpoint[]): Record<EndpointId, Handler> {
  const { version, apiUrl, checkHealth, linkRules, maxObservables, metrics, hasToken } = options;
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
      withPlans(exchange, { rules: linkRules, maxObservables, readBody }, ({ plans, warnings }) => {
        exchange.errorCodes = warnings.map(({ code }) => code);
        return toJson(exchange, { data: toReferrals(plans, apiUrl), ...(warnings.length > 0 && { errors: warnings }) });
      }),
    version: (exchange) => toJson(exchange, { version }),
    watchdog: (exchange) => {
      const echo = exchange.request.headers.get('health-check');
      if (echo !== null) return toJson(exchange, { data: echo });
      return toErrors(exchange, [
        { type: 'fatal', code: 'health check failed', message: 'The request has no Health-Check header' },
      ]);
    },
    landing: async (exchange) => {
      const facts = { version, endpoints: served, source: await options.describeSource(), hasToken };
      if (!prefersHtml(exchange.request)) return toJson(exchange, toLandingJson(facts));
      const baseUrl = new URL(exchange.request.url).origin;
      return toResponse(exchange, 200, await toLandingPage({ ...facts, baseUrl }), {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': toLandingPolicy(),
      });
    },
    openapi: (exchange) => toResponse(exchange, 200, openApi),
    metrics: async (exchange) => {
      const text = (await metrics?.write(options.readState())) ?? '';
      return toResponse(exchange, 200, text, { 'Content-Type': METRICS_CONTENT_TYPE });
    },
  };
}

function prefersHtml({ headers }: Request): boolean {
  return /\btext\/html\b/i.test(headers.get('accept') ?? '');
}
