import { formatCount } from '../../core/amount.ts';
import { CctError, toCctError } from '../../core/errors.ts';
import { orAborted } from '../cancellation.ts';
import type { Clock } from '../clock.ts';

/** `closed`: attempts are made. `open`: none is. `half-open`: one is made, to see whether the tracker is reachable again. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** Fails fast while the tracker is down. */
export interface Breaker {
  readonly state: BreakerState;
  /** Makes an attempt, or rejects at once when the tracker is down. */
  run<Result>(attempt: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
}

export interface BreakerOptions {
  /** Rejects when the tracker as a whole is down, not only for a few lookups. */
  readonly probe: () => Promise<void>;
  readonly clock: Clock;
  /** Milliseconds between two attempts while the tracker is down. Default: none is made. */
  readonly retryEveryMs?: number | undefined;
  /** Called with the cause when the breaker opens, with undefined when it closes. */
  readonly onChange?: ((cause: CctError | undefined) => void) | undefined;
}

const DOWN_IN_A_ROW = 5;
// Longer than a reachable tracker takes.
const MAX_WAIT_FOR_RESULT_MS = 3_000;
// A deadline that comes earlier in an attempt says nothing about the tracker.
const SILENT_MS = 1_000;

/**
 * Opens when five attempts in a row found the tracker down and `probe` rejects; closes with the first answer. Attempts meanwhile wait for
 * the probe's or the half-open attempt's result, at most 3 s.
 */
export function createBreaker({ probe, clock, retryEveryMs = Infinity, onChange }: BreakerOptions): Breaker {
  let downInARow = 0;
  let cause: CctError | undefined;
  let retryAtMs = Infinity;
  let awaited: Promise<void> | undefined;

  const open = (why: CctError): void => {
    if (!cause) onChange?.(why);
    cause = why;
    retryAtMs = clock.monotonicMs() + retryEveryMs;
  };
  const close = (): void => {
    downInARow = 0;
    if (cause) onChange?.(undefined);
    cause = undefined;
  };
  const recordDown = (failure: CctError): void => {
    downInARow += 1;
    if (cause) cause = failure;
    else if (downInARow >= DOWN_IN_A_ROW && !awaited) {
      const probing = probe().catch((thrown: unknown) => open(toCctError(thrown)));
      letOthersAwait(probing.finally(() => (downInARow = 0)));
    }
  };
  const letOthersAwait = (result: Promise<unknown>, maxWaitMs?: number): void => {
    const ended = new AbortController();
    const end = () => {
      awaited = undefined;
      ended.abort();
    };
    const settled = result.then(end, end);
    const limit = maxWaitMs === undefined ? settled : clock.sleep(maxWaitMs, ended.signal).catch(() => undefined);
    awaited = Promise.race([settled, limit]);
  };
  const watch = async <Result>(attempt: () => Promise<Result>): Promise<Result> => {
    const startedMs = clock.monotonicMs();
    try {
      const result = await attempt();
      close();
      return result;
    } catch (thrown) {
      const failure = toDownFailure(thrown, clock.monotonicMs() - startedMs);
      if (failure) recordDown(failure);
      else if (!isEndedByCaller(thrown)) close();
      // Nothing was learned: the next caller may retry at once.
      else if (thrown.code === 'interrupted' && retryAtMs < Infinity) retryAtMs = startedMs;
      throw thrown;
    }
  };

  return {
    get state() {
      if (!cause) return 'closed';
      return awaited ? 'half-open' : 'open';
    },
    async run(attempt, signal) {
      for (let waited; awaited && awaited !== waited;) await orAborted((waited = awaited), signal);
      if (!cause) return watch(attempt);
      if (awaited || clock.monotonicMs() < retryAtMs) {
        throw new CctError('unavailable', `Not looked up: the tracker is down. ${cause.message}`, { cause });
      }
      open(cause);
      const halfOpen = watch(attempt);
      letOthersAwait(halfOpen, MAX_WAIT_FOR_RESULT_MS);
      return halfOpen;
    },
  };
}

/** Refused, reset, DNS, TLS, timeout and 5xx: the tracker, or the network to it, is down. */
export function isDown(thrown: unknown): thrown is CctError {
  return thrown instanceof CctError && (thrown.code === 'unavailable' || thrown.code === 'unverified-certificate');
}

function isEndedByCaller(thrown: unknown): thrown is CctError {
  return thrown instanceof CctError && (thrown.code === 'deadline' || thrown.code === 'interrupted');
}

function toDownFailure(thrown: unknown, tookMs: number): CctError | undefined {
  if (isDown(thrown)) return thrown;
  const isSilent = thrown instanceof CctError && thrown.code === 'deadline' && tookMs >= SILENT_MS;
  return isSilent ? new CctError('unavailable', `The tracker did not answer within ${formatCount(tookMs)} ms`) : undefined;
}
