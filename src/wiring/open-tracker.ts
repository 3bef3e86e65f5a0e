import { getProxyForUrl } from 'proxy-from-env';
import { describeRefused, isProxyUrl } from '../config.ts';
import { CctError, toCctError } from '../core/errors.ts';
import type { PlanRules } from '../core/lookups/plan.ts';
import type { Tracker } from '../core/lookups/tracker.ts';
import { wrapTracker } from '../core/lookups/tracker.ts';
import type { LiveTrackerOptions } from '../tracker/live/client.ts';
import { systemClock } from '../tracker/clock.ts';
import type { FallbackTracker } from '../tracker/fallback.ts';
import type { SnapshotTracker } from '../tracker/snapshot/matching.ts';
import type { Trace, TraceEvent } from '../tracker/live/agents.ts';
import { toListedSince } from './lists/listed-since.ts';
import { openExclusions } from './open-exclusions.ts';
import type { ChosenSource } from './resolve-source.ts';
import type { Notices, Setup } from './setup.ts';

/** How often a relay or stream probes a tracker that is down, with one lookup. */
export const PROBE_EVERY_MS = 10_000;

// Results that a batch keeps in memory: so many take hours to look up.
const MAX_KEPT_RESULTS = 50_000;

/** Opens the planning rules. From a snapshot, private observables are answered too, since nothing is sent; only lists answer domains. Rejects with `input`. */
export async function openRules(setup: Setup, source: ChosenSource): Promise<PlanRules> {
  const { exclude, includePrivate } = setup.config;
  const exclusions = exclude === undefined ? undefined : await openExclusions(exclude, setup.signal);
  const isOffline = source === 'snapshot';
  const asksDomains = isOffline || (source === 'auto' && (await hasList(setup)));
  return { includePrivate: includePrivate || isOffline, asksDomains, exclusions };
}

/** Whether a snapshot is named or installed. */
async function hasList({ config, io }: Setup): Promise<boolean> {
  if (config.snapshot !== undefined) return true;
  const { isInstalled } = await import('./lists/open-snapshot.ts');
  return isInstalled(io);
}

export interface OpeningOptions {
  readonly source: ChosenSource;
  /** Whether the run may last for days. Default false. */
  readonly isStream?: boolean;
}

/** Opens the tracker without cache and fallback, loading only the code that it needs. Rejects with `no-snapshot` or `input`. */
export async function openTracker(
  setup: Setup,
  notices: Notices,
  { source, isStream = false }: OpeningOptions,
): Promise<Tracker> {
  if (source === 'snapshot') return openSnapshotTracker(setup, (text) => notices.note(text));
  const { openLiveTracker } = await import('../tracker/live/client.ts');
  const options = toClientOptions(setup, (text) => notices.detail(text));
  // A batch ends before a probe is due; a stream may last for days.
  return openLiveTracker(isStream ? { ...options, probeEveryMs: PROBE_EVERY_MS } : options);
}

/** Opens the tracker of a batch: live with sharing, cache and fallback, or only the snapshot. Rejects also with `usage`. */
export async function openBatchTracker(setup: Setup, notices: Notices, options: OpeningOptions): Promise<Tracker> {
  const { source } = options;
  // Invalid settings of the list are errors before any lookup, even if no list is used.
  toListedSince(setup);
  const tracker = await openTracker(setup, notices, options);
  if (source === 'snapshot') return tracker;
  const { createSharingTracker } = await import('../tracker/sharing.ts');
  const shared = createSharingTracker(tracker, { maxKept: MAX_KEPT_RESULTS });
  const live = setup.config.noCache ? shared : await withCache(setup, notices, shared);
  return source === 'live' ? live : withFallback(setup, live, (text) => notices.note(text));
}

/** Wraps the tracker in a cache on disk or on a server. Reports problems on close, so as not to disturb a progress line. Rejects with `usage`. */
async function withCache(setup: Setup, notices: Notices, live: Tracker): Promise<Tracker> {
  const { config, io } = setup;
  const { createRememberingTracker } = await import('../tracker/cache/remembering.ts');
  const { openAnswerStore } = await import('./open-answer-store.ts');
  const problems: string[] = [];
  const store = await openAnswerStore(setup, (problem) => problems.push(problem));
  const { cacheTtlMs: ttlMs, refresh } = config;
  const cached = createRememberingTracker(live, { store, ttlMs, refresh, now: () => io.now() });
  return wrapTracker(cached, {
    async close() {
      await cached.close();
      for (const problem of problems) notices.note(problem);
    },
  });
}

/**
 * Adds a snapshot to the tracker, for failed lookups and evidence. A named one must exist; the installed one is opened at the first lookup.
 * `report` receives notes on its age, or why it is unusable.
 */
export async function withFallback(setup: Setup, live: Tracker, report: (note: string) => void): Promise<FallbackTracker> {
  const { createFallbackTracker } = await import('../tracker/fallback.ts');
  const open = () => openSnapshotTracker(setup, report);
  const openIfUsable = () =>
    open().catch((thrown: unknown) => {
      const { code, message } = toCctError(thrown);
      if (code !== 'no-snapshot') report(`the snapshot cannot be used: ${message}`);
      return null;
    });
  const isNamed = setup.config.snapshot !== undefined;
  const tracker = createFallbackTracker(live, isNamed ? open : openIfUsable);
  if (isNamed) await tracker.openFallback();
  return tracker;
}

/** Opens a tracker on the named or installed snapshot. `report` receives a note on its age. */
export async function openSnapshotTracker(setup: Setup, report: (note: string) => void): Promise<SnapshotTracker> {
  const { config, io } = setup;
  const { openSnapshot } = await import('./lists/open-snapshot.ts');
  const { createSnapshotTracker } = await import('../tracker/snapshot/matching.ts');
  const { snapshot, note } = await openSnapshot(config.snapshot, setup);
  if (note !== null) report(note);
  return createSnapshotTracker(snapshot, {
    now: () => io.now(),
    matchesHosts: config.match === 'host',
    listedSince: toListedSince({ config, io }),
  });
}

/** The options of the live tracker; `report` receives trace lines in verbose runs. */
export function toClientOptions({ config, io, version }: Setup, report: (line: string) => void): LiveTrackerOptions {
  return {
    ...config,
    userAgent: config.userAgent ?? `cct/${version}`,
    proxyFor: (url) => config.proxy ?? toProxy(url),
    clock: { ...systemClock, nowMs: () => io.now().getTime(), monotonicMs: () => io.monotonicMs() },
    random: () => io.random(),
    trace: config.verbose || config.debug ? createTrace(report) : () => undefined,
  };
}

function createTrace(report: (line: string) => void): Trace {
  return ({ kind, text, tookMs }: TraceEvent) =>
    report(`${kind}: ${text}${tookMs === undefined ? '' : ` (${tookMs.toFixed(1)} ms)`}`);
}

/** The proxy for a URL from the environment, or ''. Throws `usage`, without showing a password. */
export function toProxy(url: URL): string {
  const proxy = getProxyForUrl(url.href);
  if (proxy === '' || isProxyUrl(proxy)) return proxy;
  throw new CctError(
    'usage',
    `the environment's proxy for ${url.protocol}//${url.host} is invalid${proxy.includes('@') ? describeRefused(proxy) : ''}: set an http or https URL without a path, or unset it`,
  );
}
