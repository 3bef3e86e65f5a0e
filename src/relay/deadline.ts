import { CctError } from '../core/errors.ts';
import type { LookupContext } from '../core/tracker.ts';

/** When a call ends early. */
export interface DeadlineOptions {
  /** Each of them ends the call: with its reason where that is a `CctError`, else as a caller that went away. */
  readonly signals: readonly AbortSignal[];
  /** Told how to end the call in the same way, where there is no signal for it. */
  readonly onEnd?: (end: (reason: unknown) => void) => void;
  /** Milliseconds that the whole call may take; undefined for no limit. */
  readonly deadlineMs: number | undefined;
  /** Milliseconds of these that are gone already. Default 0. */
  readonly elapsedMs?: number;
  readonly now: () => Date;
}

/**
 * The context of one call: it ends with a signal or with the deadline, whichever comes first. `stop` it when the call is over. Signals
 * and timer are there from the moment that somebody looks at `signal`: a call that is answered from memory never does.
 *
 * A class, since an object with an accessor of its own takes longer to make than such an answer.
 */
export class CallContext implements LookupContext {
  readonly deadlineAtMs: number | undefined;
  readonly #options: DeadlineOptions;
  #watch: Watch | undefined;

  constructor(options: DeadlineOptions) {
    const { deadlineMs, elapsedMs = 0, now } = options;
    this.#options = options;
    this.deadlineAtMs = deadlineMs === undefined ? undefined : now().getTime() + Math.max(0, deadlineMs - elapsedMs);
  }

  get signal(): AbortSignal {
    this.#watch ??= startWatch(this.#options, this.deadlineAtMs);
    return this.#watch.signal;
  }

  isOver(): boolean {
    return this.#watch?.signal.aborted ?? false;
  }

  stop(): void {
    this.#watch?.stop();
  }
}

interface Watch {
  readonly signal: AbortSignal;
  stop(): void;
}

function startWatch({ signals, onEnd, deadlineMs = 0, now }: DeadlineOptions, deadlineAtMs: number | undefined): Watch {
  const controller = new AbortController();
  const enders = signals.map((signal) => ({ signal, end: () => controller.abort(toEnd(signal.reason)) }));
  for (const { signal, end } of enders) {
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  }
  onEnd?.((reason) => controller.abort(toEnd(reason)));
  const expire = () => controller.abort(new CctError('deadline', `Not answered within the deadline of ${deadlineMs} ms`));
  const timer = deadlineAtMs === undefined ? undefined : setTimeout(expire, Math.max(0, deadlineAtMs - now().getTime()));
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
