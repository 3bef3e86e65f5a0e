import type { CctError } from '../core/errors.ts';
import { toCctError } from '../core/errors.ts';
import type { LookupContext } from '../core/tracker.ts';
import { isOver, onOver } from '../core/tracker.ts';

/** Tells of the end of something: what of `AbortSignal` is needed here, and by node-fetch. */
export interface EndSignal {
  readonly aborted: boolean;
  /** Why; undefined before the end. */
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The signal of one attempt. Node's own was measured to take a twentieth of the time of a whole lookup. */
class AttemptSignal implements EndSignal {
  aborted = false;
  reason: unknown;
  readonly #listeners = new Set<() => void>();

  /** By this name node-fetch knows what it may listen to. */
  get [Symbol.toStringTag](): string {
    return 'AbortSignal';
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  end(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.#listeners) listener();
  }
}

/**
 * Runs something with a signal that aborts when the parent is over, or with `onTimeout()` after `timeoutMs`. Unlike
 * `AbortSignal.any` it leaves nothing behind on a parent that lives for a million calls, and makes no signal of it.
 */
export async function withTimeout<Result>(
  { parent, timeoutMs, onTimeout }: { parent: LookupContext; timeoutMs: number; onTimeout: () => CctError },
  run: (signal: EndSignal) => Promise<Result>,
): Promise<Result> {
  if (isOver(parent)) throw toCctError(parent.signal.reason);
  const signal = new AttemptSignal();
  const stopFollowing = onOver(parent, (reason) => signal.end(reason));
  const timer = setTimeout(() => signal.end(onTimeout()), timeoutMs);
  try {
    return await run(signal);
  } finally {
    clearTimeout(timer);
    stopFollowing();
  }
}

/** Waits for something that goes on by itself; when the signal aborts first, rejects with its reason and waits no longer. */
export async function orAborted<Result>(promise: Promise<Result>, signal: EndSignal): Promise<Result> {
  if (signal.aborted) {
    // Its own end is of no interest any more; unheard, a rejection would end the process.
    promise.catch(() => undefined);
    throw toCctError(signal.reason);
  }
  let giveUp: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(toCctError(signal.reason));
    signal.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** The same for a call: without making its signal, and without a search among thousands of listeners. */
export function orOver<Result>(promise: Promise<Result>, context: LookupContext): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stopListening = onOver(context, (reason) => reject(toCctError(reason)));
    const settle = (tell: () => void) => {
      stopListening();
      tell();
    };
    promise.then(
      (result) => settle(() => resolve(result)),
      (reason: unknown) => settle(() => reject(toCctError(reason))),
    );
    if (isOver(context)) reject(toCctError(context.signal.reason));
  });
}
