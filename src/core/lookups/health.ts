import type { CctError } from '../errors.ts';
import { toCctError } from '../errors.ts';
import type { Question } from '../observables/observable.ts';
import type { LookupContext, Tracker } from './tracker.ts';

// A documentation address (RFC 5737). Any answer to it means that the tracker works.
const HEALTH_QUESTION: Question = { type: 'ip', key: '192.0.2.1' };

/** Checks that a tracker is reachable and answers lookups: a site can be up with a broken API. Resolves to the failure, or null. */
export async function checkHealth(tracker: Tracker, context: LookupContext): Promise<CctError | null> {
  try {
    await tracker.ping(context);
    await tracker.lookup(HEALTH_QUESTION, context);
    return null;
  } catch (thrown) {
    return toCctError(thrown);
  }
}
