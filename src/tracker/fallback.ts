import { CctError, toCctError } from '../core/errors.ts';
import type { Question } from '../core/observable.ts';
import type { Answer, LookupContext, Tracker } from '../core/tracker.ts';
import { wrapTracker } from '../core/tracker.ts';

/** The tracker for failed lookups, and its date, `YYYY-MM-DD`, which each of its answers names. */
export interface Reserve {
  readonly tracker: Tracker;
  readonly date: string;
}

/** Opens the reserve at the first failed lookup; null when there is none. Must not reject. */
export type OpenReserve = () => Promise<Reserve | null>;

const NOT_THE_TRACKERS_FAILURE = ['interrupted', 'internal'];

/**
 * A tracker that looks up in the reserve domains, and what `first` could not answer. A listing there is an answer with a `from-snapshot` warning; what
 * the reserve does not list stays failed, since a list of another day proves nothing. The deadline does not apply to the reserve.
 */
export function createFallbackTracker(first: Tracker, openReserve: OpenReserve): Tracker {
  let opening: Promise<Reserve | null> | undefined;

  const fallBack = async (question: Question, failure: CctError): Promise<Answer> => {
    const reserve = NOT_THE_TRACKERS_FAILURE.includes(failure.code) ? null : await (opening ??= openReserve());
    const answer = await reserve?.tracker.lookup(question, { signal: new AbortController().signal });
    if (!reserve || answer?.status !== 'listed') throw failure;
    return { ...answer, warning: toWarning(failure, reserve.date) };
  };

  const lookUpDomain = async (question: Question, context: LookupContext): Promise<Answer> => {
    const reserve = await (opening ??= openReserve());
    if (reserve) return reserve.tracker.lookup(question, context);
    throw new CctError('no-snapshot', 'no list answers domains: cct snapshot update');
  };

  return wrapTracker(first, {
    // Observables of one lookup key have one answer at the live site, but not in a list.
    identify: ({ type, key }) => `${type} ${key}`,
    async lookup(question, context) {
      if (question.type === 'domain') return lookUpDomain(question, context);
      try {
        return await first.lookup(question, context);
      } catch (thrown) {
        return await fallBack(question, toCctError(thrown));
      }
    },
  });
}

function toWarning(failure: CctError, date: string): CctError {
  return new CctError('from-snapshot', `Live lookup failed; answered from the snapshot of ${date}. ${failure.message}`, {
    cause: failure,
  });
}
