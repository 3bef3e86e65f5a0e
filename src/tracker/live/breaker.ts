import { CctError, toCctError } from '../../core/errors.ts';
import { orAborted } from '../cancellation.ts';
import type { Clock } from '../clock.ts';
import { settledWithin } from '../clock.ts';
import { findDownFailure, isEndedByCaller } from './failures.ts';

/** `closed`: attempts are made. `open`: none is. `half-open`: one is made, to see whether the tracker is reachable again. */
export type BreakerState = 'closed' | 'open' | 'half-open';

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

/**
 * Fails fast while the tracker is down. Opens when five attempts in a row found it down and `probe` rejects; closes with the first answer.
 * Attempts meanwhile await the result of the probe, or for at most 3 s that of the half-open attempt.
 */
export function createBreaker({ probe, clock, retryEveryMs = Infinity, onChange }: BreakerOptions) {
  let [downInARow, retryAtMs] = [0, Infinity];
  let cause: CctError | undefined;
  let awaited: Promise<void> | undefined;

  const change = (next: CctError | undefined): void => {
    if (!cause !== !next) onChange?.(next);
    cause = next;
    downInARow = 0;
    retryAtMs = clock.monotonicMs() + retryEveryMs;
  };
  const probeAll = () =>
    probe().then(
      () => (downInARow = 0),
      (reason: unknown) => change(toCctError(reason)),
    );
  const letOthersAwait = (result: Promise<unknown>, maxWaitMs?: number): void => {
    const ended = result.catch(() => undefined).then(() => (awaited = undefined));
    awaited = maxWaitMs === undefined ? ended : settledWithin(ended, maxWaitMs, clock);
  };
  const watch = async <Result>(attempt: () => Promise<Result>): Promise<Result> => {
    const startedMs = clock.monotonicMs();
    try {
      const result = await attempt();
      change(undefined);
      return result;
    } catch (thrown) {
      const failure = findDownFailure(thrown, clock.monotonicMs() - startedMs);
      if (failure && cause) cause = failure;
      else if (failure && (downInARow += 1) >= DOWN_IN_A_ROW && !awaited) letOthersAwait(probeAll());
      else if (!failure && !isEndedByCaller(thrown)) change(undefined);
      // Nothing was learned: the next caller may retry at once.
      else if (isEndedByCaller(thrown) && thrown.code === 'interrupted' && retryAtMs < Infinity) retryAtMs = startedMs;
      throw thrown;
    }
  };
  return {
    get state(): BreakerState {
      return !cause ? 'closed' : awaited ? 'half-open' : 'open';
    },
    /** Makes an attempt, or rejects at once when the tracker is down. */
    async run<Result>(attempt: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
      for (let waited; awaited && awaited !== waited;) await orAborted((waited = awaited), signal);
      if (!cause) return watch(attempt);
      if (awaited || clock.monotonicMs() < retryAtMs)
        throw new CctError('unavailable', `Not looked up: the tracker is down. ${cause.message}`, { cause });
      change(cause);
      const halfOpen = watch(attempt);
      letOthersAwait(halfOpen, MAX_WAIT_FOR_RESULT_MS);
      return halfOpen;
    },
  };
}
