import type { CctError } from './errors.ts';
import { toCctError } from './errors.ts';
import type { Question } from './observable.ts';
import type { LookupContext, Tracker } from './tracker.ts';

// A documentation address (RFC 5737): whether it is listed does not matter, only that the answer can be understood.
const HEALTH_QUESTION: Question = { type: 'ip', key: '192.0.2.1' };

/** What is wrong with a tracker, or null. Asks both whether it is there and whether it answers lookups: a site can be up with a broken API. */
export async function checkHealth(tracker: Tracker, context: LookupContext): Promise<CctError | null> {
  try {
    await tracker.ping(context);
    await tracker.lookup(HEALTH_QUESTION, context);
    return null;
  } catch (thrown) {
    return toCctError(thrown);
  }
}
