import type { CctError } from '../core/errors.ts';
import { checkHealth } from '../core/lookups/health.ts';
import type { Tracker } from '../core/lookups/tracker.ts';
import { startCall } from '../core/lookups/call.ts';

export interface HealthCheckOptions {
  /** Must not use a cache. */
  readonly tracker: Tracker;
  readonly deadlineMs: number;
  /** How long a result is reused. Default 10 s. */
  readonly keepForMs?: number;
  /** Ends a check in progress. */
  readonly stopping: AbortSignal;
  readonly monotonicMs: () => number;
}

/** Resolves to the tracker's problem, or null. Checks at most once per `keepForMs`. `atMostMs` shortens the deadline of this check. */
export type HealthCheck = (atMostMs?: number) => Promise<CctError | null>;

export function createHealthCheck({
  tracker,
  deadlineMs,
  keepForMs = 10_000,
  stopping,
  monotonicMs,
}: HealthCheckOptions): HealthCheck {
  let checking: Promise<CctError | null> | undefined;
  let last: { readonly error: CctError | null; readonly atMs: number } | undefined;

  const check = async (atMostMs: number): Promise<CctError | null> => {
    const call = startCall({ signals: [stopping], deadlineMs: Math.min(deadlineMs, atMostMs), monotonicMs });
    try {
      const error = await checkHealth(tracker, call);
      last = { error, atMs: monotonicMs() };
      return error;
    } finally {
      call.stop();
      checking = undefined;
    }
  };

  return (atMostMs = Infinity) => {
    if (last && monotonicMs() - last.atMs < keepForMs) return Promise.resolve(last.error);
    return (checking ??= check(atMostMs));
  };
}
