import type { CctError } from '../core/errors.ts';
import type { Tracker } from '../core/tracker.ts';
import type { RelayLog } from '../relay/telemetry/log.ts';
import type { Metrics, TrackerState } from '../relay/telemetry/metrics.ts';
import { countLookups } from '../relay/telemetry/metrics.ts';
import type { AnswerStore } from '../tracker/cache/remembering.ts';
import { createRememberingTracker } from '../tracker/cache/remembering.ts';
import { openLiveClient } from '../tracker/live/client.ts';
import type { Freshness } from '../tracker/cache/freshness.ts';
import { createLayeredStore } from '../tracker/cache/layered-store.ts';
import { createMemoryStore } from '../tracker/cache/memory-store.ts';
import { createSharedTracker } from '../tracker/sharing.ts';
import { openRedis } from './open-answer-store.ts';
import { openSnapshotTracker, resolveSource, toClientOptions, TRY_AGAIN_MS, withReserve } from './open-tracker.ts';
import type { Setup } from './setup.ts';

/** What a relay asks, all requests together. */
export interface RelayTracker {
  /** What requests ask: it may remember. */
  readonly answering: Tracker;
  /** What health asks: the tracker itself. */
  readonly asked: Tracker;
  readonly state: () => TrackerState;
  close(): void | Promise<void>;
}

export interface RelayTrackerOptions {
  readonly log: RelayLog;
  readonly metrics: Metrics | undefined;
}

/** Opens what answers a relay's requests; its limits hold for the whole process. Rejects with `no-snapshot` or `input`. */
export async function openRelayTracker(setup: Setup, options: RelayTrackerOptions): Promise<RelayTracker> {
  const source = resolveSource(setup);
  if (source === 'snapshot') return openOffline(setup, options);
  const live = await openLive(setup, options);
  if (source === 'live') return live;
  return { ...live, answering: await withReserve(setup, live.answering, (note) => options.log.note(note)) };
}

async function openOffline(setup: Setup, { log, metrics }: RelayTrackerOptions): Promise<RelayTracker> {
  const snapshot = await openSnapshotTracker(setup, (note) => log.note(note));
  const tracker = metrics ? countLookups(snapshot.tracker, metrics) : snapshot.tracker;
  return {
    answering: tracker,
    asked: tracker,
    state: () => ({ inFlight: 0, waiting: 0, breaker: undefined }),
    close: () => tracker.close(),
  };
}

async function openLive(setup: Setup, { log, metrics }: RelayTrackerOptions): Promise<RelayTracker> {
  const { concurrency, cacheTtlMs, noCache, refresh } = setup.config;
  const client = await openLiveClient({
    ...toClientOptions(setup, (text) => log.detail(text)),
    tryAgainMs: TRY_AGAIN_MS,
    onBreakerChange: (why) => tellBreaker(log, why),
  });
  const shared = createSharedTracker(metrics ? countLookups(client, metrics) : client, { concurrency });
  const freshness = { ttlMs: cacheTtlMs, now: () => setup.io.now() };
  const answering = noCache
    ? shared
    : createRememberingTracker(shared, {
        ...freshness,
        store: await openRelayStore(setup, log, freshness),
        refresh,
        onHit: () => metrics?.countCache('hit'),
        onMiss: () => metrics?.countCache('miss'),
      });
  return {
    answering,
    asked: shared,
    state: () => ({ inFlight: shared.inFlight, waiting: shared.waiting, breaker: client.breaker }),
    close: () => answering.close(),
  };
}

/** In memory, and with `--cache-url` behind it on a server, whose coming and going the log tells. */
async function openRelayStore(setup: Setup, log: RelayLog, freshness: Freshness): Promise<AnswerStore> {
  const memory = createMemoryStore();
  const { cacheUrl } = setup.config;
  if (cacheUrl === undefined) return memory;
  const redis = await openRedis(setup, cacheUrl, {
    onProblem: (text) => log.problem(text),
    onBack: (text) => log.note(text),
  });
  return createLayeredStore(memory, redis, freshness);
}

function tellBreaker(log: RelayLog, why: CctError | undefined): void {
  if (!why) log.note('tracker is reachable again');
  else log.warning(`tracker is down; retrying one lookup every ${TRY_AGAIN_MS / 1000} s. ${why.message}`);
}
