import type { LabelValues } from 'prom-client';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { CctError } from '../../core/errors.ts';
import type { Tally } from '../../core/ledger/ledger.ts';
import type { Tracker } from '../../core/lookups/tracker.ts';
import { wrapTracker } from '../../core/lookups/tracker.ts';
import type { Authenticator } from '../auth/auth.ts';
import type { Route } from '../endpoints.ts';
import { endpoints, statusesOf, takesObservables } from '../endpoints.ts';

/** The content type of `/metrics`: Prometheus' text format 0.0.4. */
export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const BREAKER_STATES = ['closed', 'open', 'half-open'] as const;

/** The current state of the live tracker. */
export interface TrackerState {
  /** Lookups that were sent but not yet answered. */
  readonly inFlight: number;
  /** Lookups in the queue. */
  readonly waiting: number;
  /** Undefined for a snapshot, which has no breaker. */
  readonly breaker: (typeof BREAKER_STATES)[number] | undefined;
}

/** The current state of a relay's dependencies. */
export interface RelayState extends TrackerState {
  /** Whether the server of the shared cache is reachable; undefined without one. */
  readonly isCacheReachable?: boolean | undefined;
  /** See `KeySets`; undefined without key hosts. */
  readonly keysByHost?: ReadonlyMap<string, number> | undefined;
}

/** The relay's metrics. They never contain an observable, and callers cannot choose the value of a label. */
export type Metrics = ReturnType<typeof createMetrics>;

interface RequestCount {
  readonly route: Route;
  readonly status: number;
  readonly durationMs: number;
  readonly hasLeft?: boolean;
}

// Seconds, from the time of a cached answer to just above the default deadline.
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30];

const OUTCOMES = ['listed', 'unlisted', 'failed'];
const ROUTES: readonly Route[] = [...endpoints.map(({ path }) => path), 'unknown'];

const REQUESTS = [
  ...endpoints.flatMap((endpoint) => {
    // The body of a request to an endpoint can be malformed or too slow.
    const statuses = takesObservables(endpoint) ? [...statusesOf(endpoint), 400, 408] : statusesOf(endpoint);
    return statuses.map((status) => ({ route: endpoint.path, status }));
  }),
  ...[400, 404, 405, 408, 413, 417, 431, 501].map((status) => ({ route: 'unknown', status })),
];

/** Creates the metrics of one relay and its process, in a separate registry. All counters start at 0. */
export function createMetrics({ version }: { readonly version: string }) {
  const registry = new Registry();
  createGauge(registry, 'cct_build_info', 'Running version, as a label; always 1.', ['version']).set({ version }, 1);
  const requestMetrics = createRequestMetrics(registry);
  const lookupMetrics = createLookupMetrics(registry);
  const setTracker = createTrackerGauges(registry);
  const setSharedCache = createSharedCacheGauge(registry);
  const setKeySets = createKeySetGauge(registry);
  collectDefaultMetrics({ register: registry });
  return {
    ...requestMetrics,
    ...lookupMetrics,
    /** Resolves to all metrics as text of the type `METRICS_CONTENT_TYPE`. */
    write({ isCacheReachable, keysByHost, ...tracker }: RelayState): Promise<string> {
      setTracker(tracker);
      setSharedCache(isCacheReachable);
      setKeySets(keysByHost);
      return registry.metrics();
    },
  };
}

function createRequestMetrics(registry: Registry) {
  const requests = createCounter(registry, 'cct_http_requests_total', 'Requests answered.', REQUESTS);
  const durations = new Histogram({
    name: 'cct_http_request_duration_seconds',
    help: 'Time from request to answer.',
    labelNames: ['route'],
    buckets: DURATION_BUCKETS,
    registers: [registry],
  });
  for (const route of ROUTES) durations.zero({ route });
  const left = createCounter(
    registry,
    'cct_http_callers_left_total',
    'Requests whose callers disconnected before the answer was sent.',
    ROUTES.map((route) => ({ route })),
  );
  const dropped = createCounter(
    registry,
    'cct_http_connections_dropped_total',
    'Connections closed because too many were open, or their answers were not read.',
  );
  const authFailures = createCounter(
    registry,
    'cct_authorization_failures_total',
    'Requests without a valid token, whose HTTP status is 200 except for /metrics.',
  );
  const inFlight = createGauge(registry, 'cct_http_requests_in_flight', 'Requests not yet answered.');
  return {
    requestStarted: () => inFlight.inc(),
    requestEnded: () => inFlight.dec(),
    countRequest({ route, status, durationMs, hasLeft = false }: RequestCount) {
      requests.inc({ route, status });
      if (hasLeft) left.inc({ route });
      durations.observe({ route }, durationMs / 1000);
    },
    /** Counts a request that reached no endpoint or, without a status, a connection that was dropped. */
    countRefused: (status?: number) => (status === undefined ? dropped.inc() : requests.inc({ route: 'unknown', status })),
    countAuthFailure: () => authFailures.inc(),
  };
}

function createLookupMetrics(registry: Registry) {
  const observables = createCounter(
    registry,
    'cct_observables_total',
    'Distinct observables in requests, by outcome.',
    [...OUTCOMES, 'skipped'].map((outcome) => ({ outcome })),
  );
  const lookups = createCounter(
    registry,
    'cct_lookups_total',
    'Lookups, by outcome.',
    OUTCOMES.map((outcome) => ({ outcome })),
  );
  const results = [{ result: 'hit' }, { result: 'miss' }];
  const cache = createCounter(registry, 'cct_cache_requests_total', 'Cache requests, by result.', results);
  return {
    countObservables({ listed, unlisted, skipped, failed }: Pick<Tally, 'listed' | 'unlisted' | 'skipped' | 'failed'>) {
      for (const [outcome, count] of Object.entries({ listed, unlisted, skipped, failed })) observables.inc({ outcome }, count);
    },
    countLookup: (outcome: 'listed' | 'unlisted' | 'failed') => lookups.inc({ outcome }),
    countCache: (result: 'hit' | 'miss') => cache.inc({ result }),
  };
}

/** `series` are the labels of each series. Default: no labels. */
function createCounter(registry: Registry, name: string, help: string, series: readonly LabelValues<string>[] = []): Counter {
  const counter = new Counter({ name, help, labelNames: Object.keys(series[0] ?? {}), registers: [registry] });
  // Start at 0: if the first scrape finds 1, `rate` misses that event.
  for (const labels of series) counter.inc(labels, 0);
  return counter;
}

function createGauge(registry: Registry, name: string, help: string, labelNames: readonly string[] = []): Gauge {
  return new Gauge({ name, help, labelNames, registers: [registry] });
}

/** Creates the gauges of the tracker, and returns a function that sets them. The breaker's gauge appears only if there is a breaker. */
function createTrackerGauges(registry: Registry): (tracker: TrackerState) => void {
  const lookupsInFlight = createGauge(registry, 'cct_lookups_in_flight', 'Lookups sent to the tracker and not yet answered.');
  const lookupsWaiting = createGauge(registry, 'cct_lookups_waiting', 'Lookups waiting in the queue.');
  const breakerState = new Gauge({
    name: 'cct_breaker_state',
    help: 'Circuit breaker: closed (lookups are sent), half-open (one is retried) or open (lookups fail at once); 1 for the current state.',
    labelNames: ['state'],
    registers: [],
  });
  return ({ inFlight, waiting, breaker }) => {
    lookupsInFlight.set(inFlight);
    lookupsWaiting.set(waiting);
    if (breaker === undefined) return;
    registry.registerMetric(breakerState);
    for (const state of BREAKER_STATES) breakerState.set({ state }, state === breaker ? 1 : 0);
  };
}

/** Creates the gauge of the shared cache, and returns a function that sets it. The gauge appears only if there is a shared cache. */
function createSharedCacheGauge(registry: Registry): (isReachable: boolean | undefined) => void {
  const help = 'Whether the server of the shared cache is reachable: 1 or 0.';
  const up = new Gauge({ name: 'cct_shared_cache_up', help, registers: [] });
  return (isReachable) => {
    if (isReachable === undefined) return;
    registry.registerMetric(up);
    up.set(isReachable ? 1 : 0);
  };
}

/** Creates the gauge of the key hosts, and returns a function that sets it. A host appears after its first fetch. */
function createKeySetGauge(registry: Registry): (keysByHost: ReadonlyMap<string, number> | undefined) => void {
  const help = 'Keys for RS256 that the last fetch from a key host returned; 0 if it failed.';
  const keys = new Gauge({ name: 'cct_key_set_keys', help, labelNames: ['host'], registers: [] });
  return (keysByHost) => {
    if (keysByHost === undefined) return;
    registry.registerMetric(keys);
    for (const [host, count] of keysByHost) keys.set({ host }, count);
  };
}

/** Wraps an authenticator, counting refused tokens. */
export function countRefusals(authenticate: Authenticator, metrics: Pick<Metrics, 'countAuthFailure'>): Authenticator {
  return async (authorization) => {
    try {
      await authenticate(authorization);
    } catch (thrown) {
      if (thrown instanceof CctError && thrown.code === 'unauthorized') metrics.countAuthFailure();
      throw thrown;
    }
  };
}

/** Wraps a tracker, counting its lookups. A cancelled lookup counts as failed. */
export function countLookups(inner: Tracker, metrics: Pick<Metrics, 'countLookup'>): Tracker {
  return wrapTracker(inner, {
    async lookup(question, context) {
      try {
        const answer = await inner.lookup(question, context);
        metrics.countLookup(answer.status);
        return answer;
      } catch (thrown) {
        metrics.countLookup('failed');
        throw thrown;
      }
    },
  });
}
