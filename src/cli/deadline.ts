import { setMaxListeners } from 'node:events';
import { CctError } from '../core/errors.ts';
import type { LookupContext } from '../core/tracker.ts';
import type { Session } from './session.ts';

/** The context of one run: it ends with the session's signal or with `--deadline`, whichever comes first. `stop` when it is over. */
export function startDeadline({ config, io, signal }: Session): { context: LookupContext; stop: () => void } {
  const controller = new AbortController();
  // Every lookup listens to it, and there may be thousands.
  setMaxListeners(0, controller.signal);
  const interrupt = () => controller.abort(signal.reason);
  signal.addEventListener('abort', interrupt, { once: true });
  if (signal.aborted) interrupt();
  const { deadlineMs } = config;
  const timer =
    deadlineMs === undefined
      ? undefined
      : setTimeout(
          () => controller.abort(new CctError('deadline', `Not answered within the deadline of ${deadlineMs} ms`)),
          deadlineMs,
        );
  return {
    context: { signal: controller.signal, deadlineAtMs: deadlineMs === undefined ? undefined : io.now().getTime() + deadlineMs },
    stop() {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
    },
  };
}
