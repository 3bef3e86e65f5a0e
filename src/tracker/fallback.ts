import { CctError, toCctError } from '../core/errors.ts';
import type { Question } from '../core/observables/observable.ts';
import type { Answer, Listing, LookupContext, Tracker } from '../core/lookups/tracker.ts';
import { wrapTracker } from '../core/lookups/tracker.ts';
import type { ListEvidence, SnapshotTracker } from './snapshot/matching.ts';

/** Opens the fallback snapshot; null if none can be used. */
export type OpenFallback = () => Promise<SnapshotTracker | null>;

/** A tracker with a fallback snapshot, which the first lookup opens. */
export interface FallbackTracker extends Tracker {
  /** Opens the snapshot now. */
  openFallback: OpenFallback;
}

const NOT_THE_TRACKERS_FAILURE = ['interrupted', 'internal'];

/**
 * Looks up in `first`, and domains and failed lookups in the fallback snapshot, which ignores the deadline. After a failure, a hit in the
 * snapshot carries a `from-snapshot` warning; a miss stays failed, because an old list proves nothing. Adds evidence from the snapshot to
 * answers of `first`.
 */
export function createFallbackTracker(first: Tracker, open: OpenFallback): FallbackTracker {
  let opening: Promise<SnapshotTracker | null> | undefined;
  let opened: SnapshotTracker | null = null;
  const openFallback = () => (opening ??= open().then((snapshot) => (opened = snapshot)));

  const fallBack = async (question: Question, failure: CctError): Promise<Answer> => {
    const snapshot = NOT_THE_TRACKERS_FAILURE.includes(failure.code) ? null : await openFallback();
    const answer = await snapshot?.lookup(question, { signal: new AbortController().signal });
    if (!snapshot || answer?.status !== 'listed') throw failure;
    return { ...answer, warning: toWarning(failure, snapshot.listDate()) };
  };

  const lookUpDomain = async (question: Question, context: LookupContext): Promise<Answer> => {
    const snapshot = await openFallback();
    if (snapshot) return snapshot.lookup(question, context);
    throw new CctError('no-snapshot', 'domains need a list: cct snapshot update');
  };

  const wrapped = wrapTracker(first, {
    // The live site has one answer per lookup key, a snapshot one per type and key.
    identify: ({ type, key }) => `${type} ${key}`,
    async lookup(question, context) {
      if (question.type === 'domain') return lookUpDomain(question, context);
      let answer: Answer;
      try {
        answer = await first.lookup(question, context);
      } catch (thrown) {
        return fallBack(question, toCctError(thrown));
      }
      const snapshot = await openFallback();
      return snapshot ? addEvidence(answer, question, snapshot) : answer;
    },
    listDate: () => opened?.listDate(),
  });
  return { ...wrapped, openFallback };
}

function addEvidence(answer: Answer, question: Question, list: SnapshotTracker): Answer {
  if (answer.status === 'listed') {
    const found = list.findListing(question);
    return found ? { ...answer, ...mergeEvidence(answer, found) } : answer;
  }
  return { ...answer, ...list.describeUnlisted(question) };
}

/** Keeps the tracker's message, with the list's remark. Keeps its family unless that is empty or differs from the list's only in case. */
function mergeEvidence(listing: Listing, { family, firstListed, matched, remark }: ListEvidence): Partial<Listing> {
  const isOther = listing.family !== '' && listing.family.toLowerCase() !== family.toLowerCase();
  return {
    ...(remark === undefined ? {} : { message: `${listing.message} (${remark})` }),
    family: isOther ? listing.family : family,
    ...(firstListed === undefined ? {} : { firstListed }),
    ...(matched && { matched }),
  };
}

function toWarning(failure: CctError, date: string): CctError {
  return new CctError('from-snapshot', `Live lookup failed; answered from the snapshot of ${date}. ${failure.message}`, {
    cause: failure,
  });
}
