import { setMaxListeners } from 'node:events';
import { CctError } from '../core/errors.ts';
import type { LookupContext } from '../core/tracker.ts';

/** When a call ends early. */
export interface DeadlineOptions {
  /** Each of them ends the call: with its reason where that is a `CctError`, else as a caller that went away. */
  readonly signals: () => readonly AbortSignal[];
  /** Milliseconds that the whole call may take; undefined for no limit. */
  readonly deadlineMs: number | undefined;
  /** Milliseconds of these that are gone already. Default 0. */
  readonly elapsedMs?: number;
  readonly now: () => Date;
}

/**
 * The context of one call: it ends with a signal or with the deadline, whichever comes first. `stop` when the call is over. Signals
 * and timer are there from the moment that somebody looks at the context's signal: a call that is answered from memory never does.
 */
export function startDeadline({ signals, deadlineMs, elapsedMs = 0, now }: DeadlineOptions): {
  context: LookupContext;
  stop: () => void;
} {
  const deadlineAtMs = deadlineMs === undefined ? undefined : now().getTime() + Math.max(0, deadlineMs - elapsedMs);
  const expire = () => new CctError('deadline', `Not answered within the deadline of ${deadlineMs ?? 0} ms`);
  let watch: Watch | undefined;
  return {
    context: {
      deadlineAtMs,
      get signal() {
        watch ??= startWatch(signals(), deadlineAtMs === undefined ? undefined : { inMs: deadlineAtMs - now().getTime(), expire });
        return watch.signal;
      },
    },
    stop: () => watch?.stop(),
  };
}

interface Watch {
  readonly signal: AbortSignal;
  stop(): void;
}

function startWatch(signals: readonly AbortSignal[], expiry: { inMs: number; expire: () => CctError } | undefined): Watch {
  const controller = new AbortController();
  // Every lookup listens to it, and there may be thousands.
  setMaxListeners(0, controller.signal);
  const enders = signals.map((signal) => ({ signal, end: () => controller.abort(toEnd(signal.reason)) }));
  for (const { signal, end } of enders) {
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  }
  const timer = expiry && setTimeout(() => controller.abort(expiry.expire()), Math.max(0, expiry.inMs));
  return {
    signal: controller.signal,
    stop() {
      clearTimeout(timer);
      for (const { signal, end } of enders) signal.removeEventListener('abort', end);
    },
  };
}

function toEnd(reason: unknown): CctError {
  return reason instanceof CctError ? reason : new CctError('interrupted', 'The caller went away', { cause: reason });
}
