import { CctError, toCctError } from '../../core/errors.ts';
import { orAborted } from '../cancellation.ts';
import type { Clock } from '../clock.ts';
import { settledWithin } from '../clock.ts';
import { findDownFailure, isEndedByCaller } from './failures.ts';

/** `closed`: attempts are made. `open`: they are refused. `half-open`: one attempt, the probe, tests the tracker. */
export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerOptions {
  /** Rejects if the tracker is down as a whole, not only for some lookups. */
  readonly ping: () => Promise<void>;
  readonly clock: Clock;
  /** Milliseconds between probes while the tracker is down. Default: no probes. */
  readonly probeEveryMs?: number | undefined;
  /** Called with the cause when the breaker opens, with undefined when it closes. */
  readonly onChange?: ((cause: CctError | undefined) => void) | undefined;
}

const DOWN_IN_A_ROW = 5;
const MAX_WAIT_FOR_PROBE_MS = 3_000;

/**
 * Fails fast while the tracker is down. Opens if five attempts in a row find it down and `ping` rejects; closes at the first answer.
 * Attempts wait for a check in progress, and up to 3 s for a probe, within which a reachable tracker answers.
 */
export function createBreaker({ ping, clock, probeEveryMs = Infinity, onChange }: BreakerOptions) {
  let [downInARow, probeAtMs, isTesting] = [0, Infinity, false];
  let downCause: CctError | undefined;
  let waiting: Promise<void> | undefined;

  const setCause = (next: CctError | undefined): void => {
    if (Boolean(downCause) !== Boolean(next)) onChange?.(next);
    downCause = next;
    downInARow = 0;
    probeAtMs = clock.monotonicMs() + probeEveryMs;
  };
  const makeOthersWait = (test: Promise<unknown>, maxWaitMs?: number): void => {
    isTesting = true;
    const ended = test.catch(() => undefined).then(() => void (isTesting = false));
    waiting = (maxWaitMs === undefined ? ended : settledWithin(ended, maxWaitMs, clock)).then(() => (waiting = undefined));
  };
  const check = async () => setCause(await ping().then(() => undefined, toCctError));
  const recordDown = (failure: CctError): void => {
    downInARow += 1;
    if (downCause) downCause = failure;
    else if (downInARow >= DOWN_IN_A_ROW && !isTesting) makeOthersWait(check());
  };
  const watch = async <Result>(attempt: () => Promise<Result>): Promise<Result> => {
    const startedMs = clock.monotonicMs();
    try {
      const result = await attempt();
      setCause(undefined);
      return result;
    } catch (thrown) {
      const failure = findDownFailure(thrown, clock.monotonicMs() - startedMs);
      if (failure) recordDown(failure);
      else if (!isEndedByCaller(thrown)) setCause(undefined);
      // The caller left before the tracker answered, so the next attempt may be the probe.
      else if (thrown.code === 'interrupted' && probeEveryMs < Infinity) probeAtMs = startedMs;
      throw thrown;
    }
  };
  return {
    state: (): BreakerState => (!downCause ? 'closed' : isTesting ? 'half-open' : 'open'),
    /** Makes an attempt in any state; its result counts. */
    watch,
    /** Makes an attempt, or rejects immediately while the tracker is down. */
    async run<Result>(attempt: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
      while (waiting) await orAborted(waiting, signal);
      if (!downCause) return watch(attempt);
      if (isTesting || clock.monotonicMs() < probeAtMs)
        throw new CctError('unavailable', `Not looked up: the tracker is down. ${downCause.message}`, { cause: downCause });
      probeAtMs = clock.monotonicMs() + probeEveryMs;
      const probe = watch(attempt);
      makeOthersWait(probe, MAX_WAIT_FOR_PROBE_MS);
      return probe;
    },
  };
}
