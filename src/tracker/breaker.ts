import { CctError, toCctError } from '../core/errors.ts';
import { orAborted } from './aborting.ts';

/** Stops asking a tracker that is down, instead of letting every observable wait for its own timeout. */
export interface Breaker {
  /** Runs a lookup; rejects at once when the tracker is known to be down. */
  run<Result>(lookup: () => Promise<Result>, signal: AbortSignal): Promise<Result>;
}

const DOWN_IN_A_ROW = 5;

/**
 * After five lookups in a row, by completion, that found the tracker down, `probe` asks once whether it is there at all. Lookups
 * wait for that word; when it is no, those not yet begun fail without being asked.
 */
export function createBreaker(probe: () => Promise<void>): Breaker {
  let downInARow = 0;
  let probing: Promise<void> | undefined;
  let openedBy: CctError | undefined;

  const startProbe = async (): Promise<void> => {
    try {
      await probe();
    } catch (thrown) {
      openedBy = toCctError(thrown);
    }
    downInARow = 0;
    probing = undefined;
  };

  return {
    async run(lookup, signal) {
      if (probing) await orAborted(probing, signal);
      if (openedBy)
        throw new CctError('unavailable', `Not asked, because the tracker is down. ${openedBy.message}`, { cause: openedBy });
      try {
        const result = await lookup();
        downInARow = 0;
        return result;
      } catch (thrown) {
        if (isDown(thrown)) downInARow += 1;
        else if (!isCallersEnd(thrown)) downInARow = 0;
        if (downInARow >= DOWN_IN_A_ROW) probing ??= startProbe();
        throw thrown;
      }
    },
  };
}

/** Refused, reset, DNS, TLS, timeout and 5xx: the tracker, or the way to it, is not there. */
export function isDown(thrown: unknown): boolean {
  return thrown instanceof CctError && (thrown.code === 'unavailable' || thrown.code === 'unverified-certificate');
}

/** A lookup that its caller gave up says nothing about the tracker. */
function isCallersEnd(thrown: unknown): boolean {
  return thrown instanceof CctError && (thrown.code === 'deadline' || thrown.code === 'interrupted');
}
