import { formatCount } from './amount.ts';
import { CctError } from './errors.ts';
import type { LookupContext } from './tracker.ts';

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
 * The context of one call: it ends with a signal or with the deadline, whichever comes first. `stop` it when the call is over. A timer and
 * listeners are there from the moment that somebody wants to know of the end, and a signal where somebody looks at `signal`: one costs as
 * much as several answers from memory.
 *
 * A class, since an object with an accessor of its own takes longer to make than such an answer.
 */
export class CallContext implements LookupContext {
  readonly deadlineAtMs: number | undefined;
  readonly #options: DeadlineOptions;
  readonly #listeners = new Set<(reason: unknown) => void>();
  #stopWatch: (() => void) | undefined;
  #controller: AbortController | undefined;
  #end: CctError | undefined;

  constructor(options: DeadlineOptions) {
    const { deadlineMs, elapsedMs = 0, now } = options;
    this.#options = options;
    this.deadlineAtMs = deadlineMs === undefined ? undefined : now().getTime() + Math.max(0, deadlineMs - elapsedMs);
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      this.watch();
      if (this.#end) this.#controller.abort(this.#end);
    }
    return this.#controller.signal;
  }

  isOver(): boolean {
    // Until somebody listens, a signal that has aborted is heard of here only.
    return this.#end !== undefined || (!this.#stopWatch && this.#options.signals.some(({ aborted }) => aborted));
  }

  onOver(callback: (reason: unknown) => void): () => void {
    this.#listeners.add(callback);
    this.watch();
    return () => void this.#listeners.delete(callback);
  }

  stop(): void {
    this.#stopWatch?.();
  }

  #finish(reason: unknown): void {
    if (this.#end) return;
    this.#end = toEnd(reason);
    this.#controller?.abort(this.#end);
    for (const listener of this.#listeners) listener(this.#end);
  }

  /** Looks for the end from now on: for a call that may be long although nobody in it waits. Done by itself where somebody does. */
  watch(): void {
    if (this.#stopWatch) return;
    const { signals, onEnd, deadlineMs = 0, now } = this.#options;
    const enders = signals.map((signal) => ({ signal, end: () => this.#finish(signal.reason) }));
    for (const { signal, end } of enders) signal.addEventListener('abort', end, { once: true });
    const expire = () => this.#finish(new CctError('deadline', `No answer within the deadline of ${formatCount(deadlineMs)} ms`));
    const leftMs = this.deadlineAtMs === undefined ? undefined : Math.max(0, this.deadlineAtMs - now().getTime());
    const timer = leftMs === undefined ? undefined : setTimeout(expire, leftMs);
    this.#stopWatch = () => {
      clearTimeout(timer);
      for (const { signal, end } of enders) signal.removeEventListener('abort', end);
    };
    onEnd?.((reason) => this.#finish(reason));
    for (const { signal, end } of enders) if (signal.aborted) end();
  }
}

function toEnd(reason: unknown): CctError {
  return reason instanceof CctError ? reason : new CctError('interrupted', 'The caller disconnected', { cause: reason });
}
