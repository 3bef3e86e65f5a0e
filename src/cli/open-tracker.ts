import { getProxyForUrl } from 'proxy-from-env';
import { CctError } from '../core/errors.ts';
import type { Tracker } from '../core/tracker.ts';
import type { LiveTrackerOptions } from '../tracker/client.ts';
import { systemClock } from '../tracker/clock.ts';
import type { Trace, TraceEvent } from '../tracker/trace.ts';
import type { Session } from './session.ts';

/**
 * What answers, after `--source`, `--offline` and `--snapshot` were weighed, those of the command line before those of the environment:
 * nothing must go out because a variable says so. Until answers fall back, `auto` is live.
 */
export function resolveSource({ config, origins }: Pick<Session, 'config' | 'origins'>): 'live' | 'snapshot' {
  const { source, offline, snapshot } = config;
  for (const origin of ['flag', 'environment'] as const) {
    const isOffline = offline && origins.offline === origin;
    if (source !== undefined && origins.source === origin) {
      if (!isOffline || source === 'snapshot') return source === 'snapshot' ? 'snapshot' : 'live';
      throw new CctError('usage', `--offline and --source ${source} contradict each other: give one of them`);
    }
    if (isOffline || (snapshot !== undefined && origins.snapshot === origin)) return 'snapshot';
  }
  return 'live';
}

/** Opens what answers. Code for the other kind is never loaded. Rejects with `no-snapshot` or `input` when it cannot be had. */
export async function openTracker(session: Session): Promise<Tracker> {
  const { talk } = session;
  if (resolveSource(session) === 'snapshot') return openSnapshotTracker(session, (note) => talk.note(note));
  const { openLiveTracker } = await import('../tracker/client.ts');
  return openLiveTracker(toClientOptions(session, (text) => talk.detail(text)));
}

/** A tracker over the snapshot that was named, or is installed. `tell` takes what must be said about its age. */
export async function openSnapshotTracker({ config, io }: Session, tell: (note: string) => void): Promise<Tracker> {
  const { openSnapshot } = await import('./open-snapshot.ts');
  const { createSnapshotTracker } = await import('../tracker/snapshot.ts');
  const { snapshot, note } = await openSnapshot(config.snapshot, io);
  if (note !== null) tell(note);
  return createSnapshotTracker(snapshot, { now: () => io.now() });
}

/** What the client for the live site is told; `tell` takes what happens on the way. */
export function toClientOptions({ config, io, version }: Session, tell: (text: string) => void): LiveTrackerOptions {
  return {
    ...config,
    userAgent: config.userAgent ?? `cct/${version}`,
    proxyFor: (url) => config.proxy ?? getProxyForUrl(url.href),
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
