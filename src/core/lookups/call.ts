import { formatCount } from '../amount.ts';
import { CctError, toCctError } from '../errors.ts';
import type { LookupContext } from './tracker.ts';

export interface CallOptions {
  /** Any of them ends the call: with its reason if that is a `CctError`, else as a disconnected caller. */
  readonly signals: readonly AbortSignal[];
  /** Milliseconds for the whole call; undefined for no limit. */
  readonly deadlineMs: number | undefined;
  /** Milliseconds of the deadline already used. Default 0. */
  readonly elapsedMs?: number;
  readonly monotonicMs: () => number;
}

/** A call in progress: the context of its lookups. */
export interface Call extends LookupContext {
  /** Releases the timer and the listeners. */
  stop(): void;
}

/** Starts a call that ends with the first of its signals, or at its deadline with a `deadline` error. */
export function startCall({ signals, deadlineMs, elapsedMs = 0, monotonicMs }: CallOptions): Call {
  const controller = new AbortController();
  const leftMs = deadlineMs === undefined ? undefined : Math.max(0, deadlineMs - elapsedMs);
  const expire = () => {
    controller.abort(new CctError('deadline', `No answer within the deadline of ${formatCount(deadlineMs ?? 0)} ms`));
  };
  const timer = leftMs === undefined ? undefined : setTimeout(expire, leftMs);
  const enders = signals.map((signal) => ({ signal, end: () => controller.abort(toEnd(signal.reason)) }));
  for (const { signal, end } of enders) {
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  }
  return {
    signal: controller.signal,
    deadlineAtMs: leftMs === undefined ? undefined : monotonicMs() + leftMs,
    stop() {
      clearTimeout(timer);
      for (const { signal, end } of enders) signal.removeEventListener('abort', end);
    },
  };
}

function toEnd(reason: unknown): CctError {
  return reason instanceof CctError ? reason : new CctError('interrupted', 'The caller disconnected', { cause: reason });
}

/** Settles as the promise does, but rejects with the signal's reason, as a `CctError`, if the signal aborts first. */
export function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(toCctError(signal.reason));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
