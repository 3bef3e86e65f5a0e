import { CctError, toCctError } from '../core/errors.ts';
import { orAborted } from './aborting.ts';

/** `closed`: lookups are asked. `open`: none is. `half-open`: one is being asked, to see whether the tracker is there again. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** Stops asking a tracker that is down, instead of letting every observable wait for its own timeout. */
export interface Breaker {
  readonly state: BreakerState;
  /** Runs a lookup; rejects at once when the tracker is known to be down or the signal has aborted, else as the lookup does. */
  run<Result>(lookup: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
}

/** When a tracker that was down is tried again. */
export interface TrialOptions {
  /** Milliseconds from the opening, or from the beginning of the last trial, to the next trial. */
  readonly tryAgainMs: number;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
}

/** Why nothing is asked, and when that is put to the test. */
interface Opening {
  readonly cause: CctError;
  readonly tryAgainAtMs: number;
}

const DOWN_IN_A_ROW = 5;

/**
 * After five lookups in a row, by completion, that found the tracker down, `probe` asks once whether it is there at all. Lookups
 * wait for that word; when it is no, those not yet begun fail without being asked: for good, or, with `trials`, but for one lookup
 * each `tryAgainMs`, and never two of these at once. The breaker closes when that one finds the tracker there, whatever it answers.
 * It stays open when that one finds it down, and when it is given up.
 *
 * A lookup that began before the breaker opened and ends after it: with `trials` an answer closes the breaker, for the tracker is
 * there; a failure that says down changes nothing, because that is known.
 */
export function createBreaker(probe: () => Promise<void>, trials?: TrialOptions): Breaker {
  let downInARow = 0;
  let probing: Promise<void> | undefined;
  let opening: Opening | undefined;
  let isTrying = false;

  const open = (cause: CctError): void => {
    opening = { cause, tryAgainAtMs: trials ? trials.nowMs() + trials.tryAgainMs : Infinity };
  };

  const startProbe = async (): Promise<void> => {
    try {
      await probe();
    } catch (thrown) {
      open(toCctError(thrown));
    }
    downInARow = 0;
    probing = undefined;
  };

  const noteAnswer = (): void => {
    downInARow = 0;
    if (trials) opening = undefined;
  };

  const noteDown = (failure: CctError, isTrial: boolean): void => {
    if (!opening) downInARow += 1;
    else if (isTrial) opening = { ...opening, cause: failure };
    if (downInARow >= DOWN_IN_A_ROW) probing ??= startProbe();
  };

  const watch = async <Result>(lookup: () => Promise<Result>, isTrial: boolean): Promise<Result> => {
    try {
      const result = await lookup();
      noteAnswer();
      return result;
    } catch (thrown) {
      const failure = toDownFailure(thrown);
      if (failure) noteDown(failure, isTrial);
      else if (!isCallersEnd(thrown)) noteAnswer();
      throw thrown;
    }
  };

  const tryAgain = async <Result>(lookup: () => Promise<Result>, cause: CctError): Promise<Result> => {
    isTrying = true;
    open(cause);
    try {
      return await watch(lookup, true);
    } finally {
      isTrying = false;
    }
  };

  return {
    get state() {
      if (!opening) return 'closed';
      return isTrying ? 'half-open' : 'open';
    },
    async run(lookup, signal) {
      if (signal.aborted) throw toCctError(signal.reason);
      if (probing) await orAborted(probing, signal);
      if (!opening) return watch(lookup, false);
      const { cause, tryAgainAtMs } = opening;
      if (trials && !isTrying && trials.nowMs() >= tryAgainAtMs) return tryAgain(lookup, cause);
      throw new CctError('unavailable', `Not asked, because the tracker is down. ${cause.message}`, { cause });
    },
  };
}

/** Refused, reset, DNS, TLS, timeout and 5xx: the tracker, or the way to it, is not there. */
export function isDown(thrown: unknown): thrown is CctError {
  return thrown instanceof CctError && (thrown.code === 'unavailable' || thrown.code === 'unverified-certificate');
}

/**
 * A lookup that its caller gave up says nothing about the tracker, unless an attempt before had found it down: else a tracker that lets
 * every lookup wait for its deadline would never count as down.
 */
function toDownFailure(thrown: unknown): CctError | undefined {
  if (isDown(thrown)) return thrown;
  return isCallersEnd(thrown) && isDown(thrown.cause) ? thrown.cause : undefined;
}

function isCallersEnd(thrown: unknown): thrown is CctError {
  return thrown instanceof CctError && (thrown.code === 'deadline' || thrown.code === 'interrupted');
}
