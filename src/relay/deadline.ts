import { setMaxListeners } from 'node:events';
import { CctError } from '../core/errors.ts';
import type { LookupContext } from '../core/tracker.ts';

/** When a call ends early. */
export interface DeadlineOptions {
  /** Each of them ends the call: with its reason where that is a `CctError`, else as a caller that went away. */
  readonly signals: readonly AbortSignal[];
  /** Milliseconds that the whole call may take; undefined for no limit. */
  readonly deadlineMs: number | undefined;
  /** Milliseconds of these that are gone already. Default 0. */
  readonly elapsedMs?: number;
  readonly now: () => Date;
}

/** The context of one call: it ends with a signal or with the deadline, whichever comes first. `stop` when the call is over. */
export function startDeadline({ signals, deadlineMs, elapsedMs = 0, now }: DeadlineOptions): {
  context: LookupContext;
  stop: () => void;
} {
  const controller = new AbortController();
  // Every lookup listens to it, and there may be thousands.
  setMaxListeners(0, controller.signal);
  const enders = signals.map((signal) => ({ signal, end: () => controller.abort(toEnd(signal.reason)) }));
  for (const { signal, end } of enders) {
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  }
  const leftMs = deadlineMs === undefined ? undefined : Math.max(0, deadlineMs - elapsedMs);
  const expire = () => controller.abort(new CctError('deadline', `Not answered within the deadline of ${deadlineMs ?? 0} ms`));
  const timer = leftMs === undefined ? undefined : setTimeout(expire, leftMs);
  return {
    context: { signal: controller.signal, deadlineAtMs: leftMs === undefined ? undefined : now().getTime() + leftMs },
    stop() {
      clearTimeout(timer);
      for (const { signal, end } of enders) signal.removeEventListener('abort', end);
    },
  };
}

function toEnd(reason: unknown): CctError {
  return reason instanceof CctError ? reason : new CctError('interrupted', 'The caller went away', { cause: reason });
}
