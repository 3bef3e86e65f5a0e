import { getProxyForUrl } from 'proxy-from-env';
import { describeRefused, isProxyUrl } from '../config.ts';
import { CctError, toCctError } from '../core/errors.ts';
import type { Exclusions } from '../core/exclusions.ts';
import type { PlanRules } from '../core/plan.ts';
import type { Tracker } from '../core/tracker.ts';
import type { LiveTrackerOptions } from '../tracker/live/client.ts';
import { systemClock } from '../tracker/clock.ts';
import type { Reserve } from '../tracker/fallback.ts';
import type { Trace, TraceEvent } from '../tracker/live/trace.ts';
import type { Notices, Setup } from './setup.ts';

/** Once the tracker was found down, one lookup is tried again each so many milliseconds by what goes on: a relay, a stream. */
export const TRY_AGAIN_MS = 10_000;

/** What answers; `auto` is live, and a snapshot for what live could not answer. */
export type ChosenSource = 'auto' | 'live' | 'snapshot';

/**
 * What answers, after `--source`, `--offline` and `--snapshot` were weighed, those of the command line before those of the environment:
 * nothing must go out because a variable says so.
 */
export function resolveSource({ config, origins }: Pick<Setup, 'config' | 'origins'>): ChosenSource {
  const { source, offline, snapshot } = config;
  for (const origin of ['flag', 'environment'] as const) {
    const isOffline = offline && origins.offline === origin;
    if (source !== undefined && origins.source === origin) {
      if (!isOffline || source === 'snapshot') return source;
      throw new CctError('usage', `--offline and --source ${source} exclude each other: give only one`);
    }
    if (isOffline || (snapshot !== undefined && origins.snapshot === origin)) return 'snapshot';
  }
  return 'auto';
}

/** What is asked about: from a snapshot all that it can answer, for nothing leaves the house. Rejects with `input` for `--exclude`. */
export async function openRules({ config, origins }: Pick<Setup, 'config' | 'origins'>): Promise<PlanRules> {
  const isOffline = resolveSource({ config, origins }) === 'snapshot';
  const exclusions = config.exclude === undefined ? undefined : await readExclusions(config.exclude);
  return { includePrivate: config.includePrivate || isOffline, asksDomains: isOffline, exclusions };
}

async function readExclusions(file: string): Promise<Exclusions> {
  const { readTextFile } = await import('../tracker/snapshot/snapshot-store.ts');
  const { parseExclusions } = await import('../core/exclusions.ts');
  return parseExclusions(await readTextFile(file), file);
}

/**
 * Opens what answers by itself: the snapshot, or the live site. Code for the other kind is never loaded. Rejects with `no-snapshot` or
 * `input` when it cannot be had.
 */
export async function openTracker(
  setup: Setup,
  notices: Notices,
  { isStream = false }: { readonly isStream?: boolean } = {},
): Promise<Tracker> {
  if (resolveSource(setup) === 'snapshot') return (await openSnapshotTracker(setup, (text) => notices.note(text))).tracker;
  const { openLiveTracker } = await import('../tracker/live/client.ts');
  const options = toClientOptions(setup, (text) => notices.detail(text));
  // A batch is over before that; a stream may go on for days.
  return openLiveTracker(isStream ? { ...options, tryAgainMs: TRY_AGAIN_MS } : options);
}

/**
 * Opens what answers a batch: the same; but the live site is asked each question once, its answers are remembered, and a snapshot stands
 * in where it fails and the source is `auto`. Rejects with `usage` too.
 */
export async function openBatchTracker(
  setup: Setup,
  notices: Notices,
  { isStream }: { readonly isStream: boolean },
): Promise<Tracker> {
  const source = resolveSource(setup);
  const tracker = await openTracker(setup, notices, { isStream });
  if (source === 'snapshot') return tracker;
  const { createOnceTracker } = await import('../tracker/once.ts');
  const live = createOnceTracker(setup.config.noCache ? tracker : await withMemory(setup, notices, tracker));
  return source === 'live' ? live : withReserve(setup, live, (text) => notices.note(text));
}

/**
 * The same tracker, its answers remembered on disk or on a server. What is wrong with that is told when it is closed, and not over a
 * progress line. Rejects with `usage`.
 */
async function withMemory(setup: Setup, notices: Notices, live: Tracker): Promise<Tracker> {
  const { config, io } = setup;
  const { createRememberingTracker } = await import('../tracker/cache/remembering.ts');
  const { openAnswerStore } = await import('./open-answer-store.ts');
  const notes: string[] = [];
  const store = await openAnswerStore(setup, (note) => notes.push(note));
  const { cacheTtlMs: ttlMs, refresh } = config;
  const remembering = createRememberingTracker(live, { store, ttlMs, refresh, now: () => io.now() });
  return {
    ...remembering,
    async close() {
      await remembering.close();
      for (const note of notes) notices.note(note);
    },
  };
}

/**
 * The same tracker, with a snapshot for what it could not answer. One that was named must be there; the installed one is opened when it is
 * needed first. `tell` takes what must be said about it, or why there is none.
 */
export async function withReserve(setup: Setup, live: Tracker, tell: (note: string) => void): Promise<Tracker> {
  const { createFallbackTracker } = await import('../tracker/fallback.ts');
  const open = () => openSnapshotTracker(setup, tell);
  if (setup.config.snapshot !== undefined) {
    const named = await open();
    return createFallbackTracker(live, () => Promise.resolve(named));
  }
  return createFallbackTracker(live, () =>
    open().catch((thrown: unknown) => {
      const { code, message } = toCctError(thrown);
      if (code !== 'no-snapshot') tell(`the snapshot cannot be used for the failed lookups: ${message}`);
      return null;
    }),
  );
}

/** A tracker over the snapshot that was named, or is installed, and its date. `tell` takes what must be said about its age. */
export async function openSnapshotTracker({ config, io }: Setup, tell: (note: string) => void): Promise<Reserve> {
  const { openSnapshot } = await import('./open-snapshot.ts');
  const { createSnapshotTracker } = await import('../tracker/snapshot/matching.ts');
  const { snapshot, note } = await openSnapshot(config.snapshot, io);
  if (note !== null) tell(note);
  return { tracker: createSnapshotTracker(snapshot, { now: () => io.now() }), date: snapshot.date };
}

/** What the client for the live site is told; `tell` takes what happens on the way. */
export function toClientOptions({ config, io, version }: Setup, tell: (text: string) => void): LiveTrackerOptions {
  return {
    ...config,
    userAgent: config.userAgent ?? `cct/${version}`,
    proxyFor: (url) => config.proxy ?? toProxy(url),
    clock: { ...systemClock, nowMs: () => io.now().getTime() },
    random: () => io.random(),
    // Nobody reads it otherwise, and there is one for each lookup.
    trace: config.verbose || config.debug ? createTrace(tell) : () => undefined,
  };
}

function createTrace(tell: (text: string) => void): Trace {
  return ({ kind, text, tookMs }: TraceEvent) =>
    tell(`${kind}: ${text}${tookMs === undefined ? '' : ` (${tookMs.toFixed(1)} ms)`}`);
}

/** The proxy that the environment names for a URL, '' for none. It may hold a password, and is not shown. Throws `usage`. */
export function toProxy(url: URL): string {
  const proxy = getProxyForUrl(url.href);
  if (proxy === '' || isProxyUrl(proxy)) return proxy;
  throw new CctError(
    'usage',
    `the proxy that the environment names for ${url.protocol}//${url.host} is no http or https URL without a path${proxy.includes('@') ? describeRefused(proxy) : ''}: correct it, or unset it`,
  );
}
