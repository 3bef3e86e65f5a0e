import type { CctError } from '../core/errors.ts';
import { checkHealth } from '../core/health.ts';
import type { Tracker } from '../core/tracker.ts';
import { startCall } from '../core/call.ts';

export interface HealthCheckOptions {
  /** Asked itself: an answer that is remembered says nothing about its health. */
  readonly tracker: Tracker;
  readonly deadlineMs: number;
  /** How long a result is given again. Default 10 s. */
  readonly keepForMs?: number;
  /** Ends a check that is under way. */
  readonly stopping: AbortSignal;
  readonly monotonicMs: () => number;
}

/**
 * What is wrong with the tracker, or null; asks at most once in `keepForMs`, however many want to know. `atMostMs` stands over a longer
 * deadline where this is the call that asks.
 */
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
