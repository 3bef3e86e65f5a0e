import type { Tally } from '../../core/ledger.ts';
import type { Tracker } from '../../core/tracker.ts';
import type { Endpoint, Route } from '../docs/endpoints.ts';
import { endpoints, statusesOf, takesObservables } from '../docs/endpoints.ts';
import type { Labels } from './metric-families.ts';
import { createCounter, createHistogram, toKnown, writeGauge } from './metric-families.ts';

/** What `/metrics` answers with: Prometheus' text format 0.0.4. */
export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const BREAKER_STATES = ['closed', 'open', 'half-open'] as const;

/** How the live tracker fares at this moment. */
export interface TrackerState {
  /** Lookups that were sent and are not answered. */
  readonly inFlight: number;
  /** Lookups that wait for one in flight to end. */
  readonly waiting: number;
  /** Undefined where there is no breaker, since a snapshot answers. */
  readonly breaker: (typeof BREAKER_STATES)[number] | undefined;
}

export interface MetricsOptions {
  readonly version: string;
  readonly startedAt: Date;
  /** The process's resident memory, in bytes; read when the metrics are written. */
  readonly readMemoryBytes: () => number;
}

export type LookupOutcome = 'listed' | 'unlisted' | 'failed';

/** The relay's metrics. They never name an observable, and no label takes a value that a caller may choose. */
export interface Metrics {
  requestStarted(): void;
  requestEnded(): void;
  countRequest(request: {
    readonly route: Route;
    readonly status: number;
    readonly durationMs: number;
    /** Default false. */
    readonly hasLeft?: boolean;
  }): void;
  /** A request that never got to an endpoint; without a status, a connection that was one too many. */
  countRefused(status: number | undefined): void;
  countObservables(tally: Pick<Tally, 'listed' | 'unlisted' | 'skipped' | 'failed'>): void;
  countLookup(outcome: LookupOutcome): void;
  countCache(result: 'hit' | 'miss'): void;
  /** All metrics as text, in the format of `METRICS_CONTENT_TYPE`. */
  write(tracker: TrackerState): string;
}

// Seconds. From an answer out of memory, over one lookup of the tracker, to just above the deadline of a whole call.
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30] as const;

const ROUTES: readonly Route[] = [...endpoints.map(({ path }) => path), 'unknown'];
// A counter that is first seen at 1 hides that first event from a rate, so what is known to come is there from the start.
const KNOWN_REQUESTS: readonly Labels[] = [
  ...endpoints.flatMap((endpoint) => toKnownStatuses(endpoint).map((status) => ({ route: endpoint.path, status }))),
  ...[400, 404, 405, 408, 413, 417, 431].map((status) => ({ route: 'unknown', status })),
];

function toKnownStatuses(endpoint: Endpoint): readonly number[] {
  // A body that breaks off in the middle was on its way to an endpoint.
  return takesObservables(endpoint) ? [...statusesOf(endpoint), 400, 408] : statusesOf(endpoint);
}

/** The metrics of one relay, all at 0. Counting costs a map entry and a short text; all else is done in `write`. */
export function createMetrics({ version, startedAt, readMemoryBytes }: MetricsOptions): Metrics {
  const requests = createCounter('cct_http_requests_total', 'Requests answered.', KNOWN_REQUESTS);
  const durations = createHistogram(
    'cct_http_request_duration_seconds',
    'Time from request to answer.',
    DURATION_BUCKETS,
    ROUTES.map((route) => ({ route })),
  );
  const left = createCounter(
    'cct_http_callers_left_total',
    'Requests whose callers disconnected before the answer was sent.',
    ROUTES.map((route) => ({ route })),
  );
  const dropped = createCounter('cct_http_connections_dropped_total', 'Connections closed because too many were open.', [{}]);
  const observables = createCounter(
    'cct_observables_total',
    'Distinct observables in requests, by outcome.',
    toKnown('outcome', ['listed', 'unlisted', 'skipped', 'failed']),
  );
  const lookups = createCounter(
    'cct_lookups_total',
    'Lookups, by outcome.',
    toKnown('outcome', ['listed', 'unlisted', 'failed']),
  );
  const cache = createCounter('cct_cache_requests_total', 'Cache requests, by result.', toKnown('result', ['hit', 'miss']));
  let inFlight = 0;

  return {
    requestStarted: () => void (inFlight += 1),
    requestEnded: () => void (inFlight -= 1),
    countRequest({ route, status, durationMs, hasLeft = false }) {
      requests.add({ route, status });
      if (hasLeft) left.add({ route });
      durations.observe({ route }, durationMs / 1000);
    },
    countRefused: (status) => (status === undefined ? dropped.add({}) : requests.add({ route: 'unknown', status })),
    countObservables({ listed, unlisted, skipped, failed }) {
      for (const [outcome, count] of Object.entries({ listed, unlisted, skipped, failed })) observables.add({ outcome }, count);
    },
    countLookup: (outcome) => lookups.add({ outcome }),
    countCache: (result) => cache.add({ result }),
    write: (tracker) =>
      [
        writeGauge('cct_build_info', 'Running version, as a label; always 1.', [[{ version }, 1]]),
        requests.write(),
        durations.write(),
        left.write(),
        dropped.write(),
        writeGauge('cct_http_requests_in_flight', 'Requests not yet answered.', [[{}, inFlight]]),
        observables.write(),
        lookups.write(),
        cache.write(),
        ...writeTracker(tracker),
        writeGauge('process_resident_memory_bytes', 'Resident memory of the process, in bytes.', [[{}, readMemoryBytes()]]),
        writeGauge('process_start_time_seconds', 'Start time of the process, in seconds since the Unix epoch.', [
          [{}, startedAt.getTime() / 1000],
        ]),
      ].join(''),
  };
}

function writeTracker({ inFlight, waiting, breaker }: TrackerState): string[] {
  return [
    writeGauge('cct_lookups_in_flight', 'Lookups sent to the tracker and not yet answered.', [[{}, inFlight]]),
    writeGauge('cct_lookups_waiting', 'Lookups waiting in the queue.', [[{}, waiting]]),
    ...(breaker === undefined
      ? []
      : [
          writeGauge(
            'cct_breaker_state',
            'Circuit breaker: closed (lookups are sent), half-open (one is retried) or open (lookups fail at once); 1 for the current state.',
            BREAKER_STATES.map((state) => [{ state }, state === breaker ? 1 : 0]),
          ),
        ]),
  ];
}

/** The same tracker, each lookup of which is counted; one that its caller gave up counts as failed. */
export function countLookups(inner: Tracker, metrics: Pick<Metrics, 'countLookup'>): Tracker {
  return {
    identify: (question) => inner.identify(question),
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
    ping: (context) => inner.ping(context),
    close: () => inner.close(),
  };
}
