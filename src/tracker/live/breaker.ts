import { CctError, toCctError } from '../../core/errors.ts';
import { orAborted } from '../cancellation.ts';
import type { Clock } from '../clock.ts';
import { settledWithin } from '../clock.ts';
import { findDownFailure, isEndedByCaller } from './failures.ts';

/** `closed`: attempts are made. `open`: none is. `half-open`: one is made, the probe, to see whether the tracker is reachable again. */
export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerOptions {
  /** Rejects when the tracker as a whole is down, not only for a few lookups. Called before the breaker opens. */
  readonly ping: () => Promise<void>;
  readonly clock: Clock;
  /** Milliseconds between two probes while the tracker is down. Default: none is made. */
  readonly probeEveryMs?: number | undefined;
  /** Called with the cause when the breaker opens, with undefined when it closes. */
  readonly onChange?: ((cause: CctError | undefined) => void) | undefined;
}

const DOWN_IN_A_ROW = 5;
// Longer than a reachable tracker takes.
const MAX_WAIT_FOR_PROBE_MS = 3_000;

/**
 * Fails fast while the tracker is down. Opens when five attempts in a row found it down and `ping` rejects. While open, one attempt every
 * `probeEveryMs` is the probe. Any answer closes the breaker. Other attempts wait for the end of the ping, or up to 3 s for the probe's.
 */
export function createBreaker({ ping, clock, probeEveryMs = Infinity, onChange }: BreakerOptions) {
  let [downInARow, probeAtMs] = [0, Infinity];
  // Set while the tracker is down.
  let cause: CctError | undefined;
  // Set while a ping or a probe is in flight; resolves when it ends, or when it has been awaited for long enough.
  let pending: Promise<void> | undefined;

  const scheduleProbe = (): void => void (probeAtMs = clock.monotonicMs() + probeEveryMs);
  const open = (reason: unknown): void => {
    const error = toCctError(reason);
    onChange?.(error);
    [cause, downInARow] = [error, 0];
    scheduleProbe();
  };
  const close = (): void => {
    if (cause) onChange?.(undefined);
    [cause, downInARow] = [undefined, 0];
  };
  const letOthersAwait = (result: Promise<unknown>, maxWaitMs?: number): void => {
    const ended = result.catch(() => undefined).then(() => (pending = undefined));
    pending = maxWaitMs === undefined ? ended : settledWithin(ended, maxWaitMs, clock);
  };
  const countDown = (): void => {
    downInARow += 1;
    if (downInARow >= DOWN_IN_A_ROW && !pending) letOthersAwait(ping().then(() => (downInARow = 0), open));
  };
  const watch = async <Result>(attempt: () => Promise<Result>): Promise<Result> => {
    const startedMs = clock.monotonicMs();
    try {
      const result = await attempt();
      close();
      return result;
    } catch (thrown) {
      const failure = findDownFailure(thrown, clock.monotonicMs() - startedMs);
      if (failure && cause) cause = failure;
      else if (failure) countDown();
      else if (!isEndedByCaller(thrown)) close();
      // The probe learned nothing: the next attempt may be the probe at once.
      else if (thrown.code === 'interrupted' && probeAtMs < Infinity) probeAtMs = startedMs;
      throw thrown;
    }
  };
  return {
    get state(): BreakerState {
      if (!cause) return 'closed';
      return pending ? 'half-open' : 'open';
    },
    /** Makes an attempt, or rejects at once when the tracker is down. */
    async run<Result>(attempt: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
      let waitedFor: Promise<void> | undefined;
      // Again, because another probe may have begun meanwhile; not for the same one, which took too long.
      while (pending && pending !== waitedFor) {
        waitedFor = pending;
        await orAborted(waitedFor, signal);
      }
      if (!cause) return watch(attempt);
      if (pending || clock.monotonicMs() < probeAtMs)
        throw new CctError('unavailable', `Not looked up: the tracker is down. ${cause.message}`, { cause });
      scheduleProbe();
      const probe = watch(attempt);
      letOthersAwait(probe, MAX_WAIT_FOR_PROBE_MS);
      return probe;
    },
  };
}
