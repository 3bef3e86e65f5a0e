import { CctError, toCctError } from '../../core/errors.ts';
import type { LookupContext } from '../../core/tracker.ts';
import { isOver } from '../../core/tracker.ts';
import { orAborted } from '../aborting.ts';
import type { Clock } from '../clock.ts';

/** `closed`: lookups are asked. `open`: none is. `half-open`: one is being asked, to see whether the tracker is there again. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** Stops asking a tracker that is down, instead of letting every observable wait for its own timeout. */
export interface Breaker {
  readonly state: BreakerState;
  /**
   * Runs a lookup, which is told whether others wait for its word as a trial; rejects at once when the tracker is known to be down or the
   * call is over, else as the lookup does.
   */
  run<Result>(lookup: (isTrial: boolean) => Promise<Result>, context: LookupContext): Promise<Result>;
}

/** When a tracker that was down is tried again. */
export interface TrialOptions {
  /** Milliseconds from the opening, or from the beginning of the last trial, to the next trial. */
  readonly tryAgainMs: number;
  readonly clock: Clock;
}

export interface BreakerOptions {
  /** Default: a tracker that was down is never tried again. */
  readonly trials?: TrialOptions | undefined;
  /** Told once when the breaker opens, with why, and once when it closes, with undefined. Nobody by default. */
  readonly onChange?: ((why: CctError | undefined) => void) | undefined;
}

/** Why nothing is asked, and when that is put to the test. */
interface Opening {
  readonly cause: CctError;
  readonly tryAgainAtMs: number;
}

const DOWN_IN_A_ROW = 5;
/** So long after its beginning, lookups wait for the word of a trial: longer than a tracker that is there takes. */
const WAIT_FOR_TRIAL_MS = 3_000;

/**
 * After five lookups in a row, by completion, that found the tracker down, `probe` asks once whether it is there at all. Lookups
 * wait for that word; when it is no, those not yet begun fail without being asked: for good, or, with `trials`, but for one lookup
 * each `tryAgainMs`, and never two of these at once. The breaker closes when that one finds the tracker there, whatever it answers.
 * It stays open when that one finds it down, and when it is given up. Lookups that come meanwhile wait for that word, until three
 * seconds after the trial began, so that those of its own request do not fail at a tracker that is there.
 *
 * A lookup that began before the breaker opened and ends after it: with `trials` an answer closes the breaker, for the tracker is
 * there; a failure that says down changes nothing, because that is known.
 */
export function createBreaker(probe: () => Promise<void>, { trials, onChange }: BreakerOptions = {}): Breaker {
  let downInARow = 0;
  let probing: Promise<void> | undefined;
  let opening: Opening | undefined;
  let trial: Trial | undefined;

  const open = (cause: CctError): void => {
    const isNews = !opening;
    opening = { cause, tryAgainAtMs: trials ? trials.clock.nowMs() + trials.tryAgainMs : Infinity };
    if (isNews) onChange?.(cause);
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
    if (!trials || !opening) return;
    opening = undefined;
    trial?.end();
    onChange?.(undefined);
  };

  const noteDown = (failure: CctError, isTrial: boolean): void => {
    if (!opening) downInARow += 1;
    else if (isTrial) opening = { ...opening, cause: failure };
    if (downInARow >= DOWN_IN_A_ROW) probing ??= startProbe();
  };

  const watch = async <Result>(lookup: Lookup<Result>, isTrial: boolean): Promise<Result> => {
    try {
      const result = await lookup(isTrial);
      noteAnswer();
      return result;
    } catch (thrown) {
      const failure = toDownFailure(thrown);
      if (failure) noteDown(failure, isTrial);
      else if (!isCallersEnd(thrown)) noteAnswer();
      throw thrown;
    }
  };

  const tryAgain = async <Result>(lookup: Lookup<Result>, cause: CctError, { clock }: TrialOptions): Promise<Result> => {
    trial = startTrial(clock);
    open(cause);
    try {
      return await watch(lookup, true);
    } catch (thrown) {
      // Its caller left, and nothing is known: whoever waits for its word is the next to try. Not so at a deadline: where the tracker
      // hangs, each caller in turn would wait for his own.
      const hasLeft = thrown instanceof CctError && thrown.code === 'interrupted' && !toDownFailure(thrown);
      if (opening && hasLeft) opening = { ...opening, tryAgainAtMs: clock.nowMs() };
      throw thrown;
    } finally {
      trial.end();
      trial = undefined;
    }
  };

  return {
    get state() {
      if (!opening) return 'closed';
      return trial ? 'half-open' : 'open';
    },
    async run(lookup, context) {
      if (isOver(context)) throw toCctError(context.signal.reason);
      if (probing) await orAborted(probing, context.signal);
      // Until there is no trial, or the one that there is has had its time. Not a function of its own: the first to come out tries next,
      // and the others must see that.
      for (let heard: Trial | undefined; trial && trial !== heard;) {
        heard = trial;
        await orAborted(heard.word, context.signal);
      }
      if (!opening) return watch(lookup, false);
      const { cause, tryAgainAtMs } = opening;
      if (trials && !trial && trials.clock.nowMs() >= tryAgainAtMs) return tryAgain(lookup, cause, trials);
      throw new CctError('unavailable', `Not looked up: the tracker is down. ${cause.message}`, { cause });
    },
  };
}

type Lookup<Result> = (isTrial: boolean) => Promise<Result>;

interface Trial {
  /** Resolves when there is nothing to wait for any more. */
  readonly word: Promise<void>;
  end(): void;
}

function startTrial(clock: Clock): Trial {
  const over = new AbortController();
  const word = clock.sleep(WAIT_FOR_TRIAL_MS, over.signal).catch(() => undefined);
  return { word, end: () => over.abort() };
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
