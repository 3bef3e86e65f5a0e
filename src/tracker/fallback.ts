import { CctError, toCctError } from '../core/errors.ts';
import type { Question } from '../core/observable.ts';
import type { Answer, LookupContext, Tracker } from '../core/tracker.ts';

/** What is asked where the first tracker gave no answer, and its date, `YYYY-MM-DD`, which is told with each answer. */
export interface Reserve {
  readonly tracker: Tracker;
  readonly date: string;
}

/** Opens the reserve when it is needed first; null where there is none. Must not reject. */
export type OpenReserve = () => Promise<Reserve | null>;

// Those that the caller ended, or that a bug ended, are not the tracker's: there is nothing to make up for.
const NOT_THE_TRACKERS = ['interrupted', 'internal'];

/**
 * Asks the first tracker; what it could not answer is looked for in the reserve. What is listed there is an answer, with a `from-snapshot`
 * warning that names the failure and the reserve's date; what is not stays failed as it was, for a list from another day proves nothing.
 * The reserve needs no time, and is asked also when the deadline has passed. `ping` and `close` go straight to the first.
 */
export function createFallbackTracker(first: Tracker, openReserve: OpenReserve): Tracker {
  let opening: Promise<Reserve | null> | undefined;

  const fallBack = async (question: Question, failure: CctError): Promise<Answer> => {
    const reserve = NOT_THE_TRACKERS.includes(failure.code) ? null : await (opening ??= openReserve());
    const answer = await reserve?.tracker.lookup(question, endless());
    if (!reserve || answer?.status !== 'listed') throw failure;
    return { ...answer, warning: toWarning(failure, reserve.date) };
  };

  return {
    // Two questions with one lookup key have one answer of the live site, but not of a list.
    identify: ({ type, key }) => `${type} ${key}`,
    lookup(question, context) {
      const answer = first.lookup(question, context);
      return answer instanceof Promise ? answer.catch((thrown: unknown) => fallBack(question, toCctError(thrown))) : answer;
    },
    ping: (context) => first.ping(context),
    close: () => first.close(),
  };
}

function endless(): LookupContext {
  return { signal: new AbortController().signal, isOver: () => false };
}

function toWarning(failure: CctError, date: string): CctError {
  return new CctError('from-snapshot', `Live lookup failed; answered from the snapshot of ${date}. ${failure.message}`, {
    cause: failure,
  });
}
