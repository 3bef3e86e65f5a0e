import { setMaxListeners } from 'node:events';
import { untilAborted } from '../core/lookups/call.ts';
import type { CctError } from '../core/errors.ts';
import { toCctError } from '../core/errors.ts';

export interface TimeoutOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly onTimeout: () => CctError;
}

/**
 * Runs work with a signal that aborts with the given signal, or with `onTimeout()` after `timeoutMs`. Unlike `AbortSignal.any`, leaves no
 * listener on a long-lived signal.
 */
export async function withTimeout<Result>(
  { signal, timeoutMs, onTimeout }: TimeoutOptions,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  if (signal.aborted) throw toCctError(signal.reason);
  const controller = new AbortController();
  const follow = () => controller.abort(signal.reason);
  signal.addEventListener('abort', follow, { once: true });
  const timer = setTimeout(() => controller.abort(onTimeout()), timeoutMs);
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', follow);
  }
}

/** As `untilAborted`, for a signal to which all lookups of a call listen. */
export function orAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  setMaxListeners(0, signal);
  return untilAborted(promise, signal);
}
