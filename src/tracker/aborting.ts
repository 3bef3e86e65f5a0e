import type { CctError } from '../core/errors.ts';
import { toCctError } from '../core/errors.ts';
import type { LookupContext } from '../core/tracker.ts';
import { isOver, onOver } from '../core/tracker.ts';

/**
 * Runs something with a signal that aborts when the parent is over, or with `onTimeout()` after `timeoutMs`. Unlike
 * `AbortSignal.any` it leaves nothing behind on a parent that lives for a million calls, and makes no signal of it.
 */
export async function withTimeout<Result>(
  { parent, timeoutMs, onTimeout }: { parent: LookupContext; timeoutMs: number; onTimeout: () => CctError },
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  if (isOver(parent)) throw toCctError(parent.signal.reason);
  const controller = new AbortController();
  const stopFollowing = onOver(parent, (reason) => controller.abort(reason));
  const timer = setTimeout(() => controller.abort(onTimeout()), timeoutMs);
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    stopFollowing();
  }
}

/** Waits for something that goes on by itself; when the signal aborts first, rejects with its reason and waits no longer. */
export async function orAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
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
