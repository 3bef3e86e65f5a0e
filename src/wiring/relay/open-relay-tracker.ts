import type { CctError } from '../../core/errors.ts';
import type { Tracker } from '../../core/lookups/tracker.ts';
import type { RelayLog } from '../../relay/telemetry/log.ts';
import type { Metrics, RelayState } from '../../relay/telemetry/metrics.ts';
import { countLookups } from '../../relay/telemetry/metrics.ts';
import type { ServerStore } from '../../tracker/cache/answer-store.ts';
import { createLayeredStore } from '../../tracker/cache/answer-store.ts';
import { createMemoryStore } from '../../tracker/cache/memory-store.ts';
import { createRememberingTracker } from '../../tracker/cache/remembering.ts';
import { openLiveTracker } from '../../tracker/live/client.ts';
import { createSharingTracker } from '../../tracker/sharing.ts';
import { toListedSince } from '../lists/listed-since.ts';
import { openRedis } from '../open-answer-store.ts';
import { openSnapshotTracker, PROBE_EVERY_MS, toClientOptions, withFallback } from '../open-tracker.ts';
import type { ChosenSource } from '../resolve-source.ts';
import type { Setup } from '../setup.ts';

/** The trackers of a relay, for all its requests. */
export interface RelayTracker {
  /** Answers requests, with cache and fallback. */
  readonly answering: Tracker;
  /** For health checks, without cache and fallback. */
  readonly checked: Tracker;
  /** The date of the list that answers or is the fallback, `YYYY-MM-DD`, or null. */
  readonly listDate: () => Promise<string | null>;
  /** Without the key hosts. */
  readonly state: () => RelayState;
  close(): void | Promise<void>;
}

export interface RelayTrackerOptions {
  readonly source: ChosenSource;
  readonly log: RelayLog;
  readonly metrics: Metrics | undefined;
}

/** Opens a relay's trackers. Their limits apply to the whole process. Rejects with `no-snapshot`, `usage` or `input`. */
export async function openRelayTracker(setup: Setup, options: RelayTrackerOptions): Promise<RelayTracker> {
  toListedSince(setup);
  if (options.source === 'snapshot') return openOffline(setup, options);
  const live = await openLive(setup, options);
  if (options.source === 'live') return live;
  const answering = await withFallback(setup, live.answering, (note) => options.log.note(note));
  return { ...live, answering, listDate: async () => (await answering.openFallback())?.listDate() ?? null };
}

async function openOffline(setup: Setup, { log, metrics }: RelayTrackerOptions): Promise<RelayTracker> {
  const snapshot = await openSnapshotTracker(setup, (note) => log.note(note));
  const tracker = metrics ? countLookups(snapshot, metrics) : snapshot;
  return {
    answering: tracker,
    checked: tracker,
    listDate: () => Promise.resolve(snapshot.listDate()),
    state: () => ({ inFlight: 0, waiting: 0, breaker: undefined }),
    close: () => tracker.close(),
  };
}

async function openLive(setup: Setup, { log, metrics }: RelayTrackerOptions): Promise<RelayTracker> {
  const { cacheTtlMs, noCache, refresh } = setup.config;
  const live = await openLiveTracker({
    ...toClientOptions(setup, (text) => log.detail(text)),
    probeEveryMs: PROBE_EVERY_MS,
    onBreakerChange: (cause) => logBreakerChange(log, cause),
  });
  const shared = createSharingTracker(metrics ? countLookups(live, metrics) : live);
  const freshness = { ttlMs: cacheTtlMs, now: () => setup.io.now() };
  const server = noCache ? undefined : await openSharedCache(setup, log);
  const memory = createMemoryStore();
  const answering = noCache
    ? shared
    : createRememberingTracker(shared, {
        ...freshness,
        store: server ? createLayeredStore(memory, server, freshness) : memory,
        refresh,
        onHit: () => metrics?.countCache('hit'),
        onMiss: () => metrics?.countCache('miss'),
      });
  return {
    answering,
    checked: shared,
    listDate: () => Promise.resolve(null),
    state: () => ({
      inFlight: live.inFlight,
      waiting: live.waiting,
      breaker: live.breaker,
      isCacheReachable: server?.isReachable,
    }),
    close: () => answering.close(),
  };
}

/** Opens the server of `--cache-url`, if given. */
async function openSharedCache(setup: Setup, log: RelayLog): Promise<ServerStore | undefined> {
  const { cacheUrl } = setup.config;
  if (cacheUrl === undefined) return undefined;
  return openRedis(setup, cacheUrl, {
    onProblem: (text) => log.problem(text),
    onBack: (text) => log.note(text),
  });
}

function logBreakerChange(log: RelayLog, cause: CctError | undefined): void {
  if (!cause) log.note('tracker is reachable again');
  else log.warning(`tracker is down; retrying one lookup every ${PROBE_EVERY_MS / 1000} s. ${cause.message}`);
}
