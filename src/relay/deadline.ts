import { setMaxListeners } from 'node:events';
import { CctError } from '../core/errors.ts';
import type { LookupContext } from '../core/tracker.ts';

/** When a call ends early. */
export interface DeadlineOptions {
  /** Ends the call with the signal's reason. */
  readonly signal: AbortSignal;
  /** Milliseconds that the whole call may take; undefined for no limit. */
  readonly deadlineMs: number | undefined;
  readonly now: () => Date;
}

/** The context of one call: it ends with the signal or with the deadline, whichever comes first. `stop` when the call is over. */
export function startDeadline({ signal, deadlineMs, now }: DeadlineOptions): { context: LookupContext; stop: () => void } {
  const controller = new AbortController();
  // Every lookup listens to it, and there may be thousands.
  setMaxListeners(0, controller.signal);
  const interrupt = () => controller.abort(signal.reason);
  signal.addEventListener('abort', interrupt, { once: true });
  if (signal.aborted) interrupt();
  const timer =
    deadlineMs === undefined
      ? undefined
      : setTimeout(
          () => controller.abort(new CctError('deadline', `Not answered within the deadline of ${deadlineMs} ms`)),
          deadlineMs,
        );
  return {
    context: { signal: controller.signal, deadlineAtMs: deadlineMs === undefined ? undefined : now().getTime() + deadlineMs },
    stop() {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
    },
  };
}
