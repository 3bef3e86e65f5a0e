import { toCctError } from '../core/errors.ts';
import type { Question } from '../core/observables/observable.ts';
import type { Answer, Caller, LookupContext, Tracker } from '../core/lookups/tracker.ts';
import { goesBefore, isDoubtful, wrapTracker } from '../core/lookups/tracker.ts';
import { orAborted } from './cancellation.ts';

export interface SharingOptions {
  /** Maximum number of results kept, dropping the oldest first. Default 0: finished lookups are repeated. */
  readonly maxKept?: number;
}

/** A lookup and the callers that wait for it. */
interface SharedLookup {
  readonly answer: Promise<Answer>;
  readonly context: LookupContext & { caller: Caller | undefined };
  readonly controller: AbortController;
  readonly waiters: Set<LookupContext>;
  /** Set when it succeeded. */
  result: Answer | undefined;
  hasEnded: boolean;
}

/**
 * Lets callers share lookups of equal identity and, with `maxKept`, their results. Each caller leaves on its own signal; the last one to
 * leave aborts the lookup. The latest deadline and the first caller in the queue apply.
 */
export function createSharingTracker(inner: Tracker, { maxKept = 0 }: SharingOptions = {}): Tracker {
  const lookups = new Map<string, SharedLookup>();

  const begin = (identity: string, question: Question, first: LookupContext): SharedLookup => {
    const controller = new AbortController();
    const waiters = new Set([first]);
    const context = {
      signal: controller.signal,
      get deadlineAtMs() {
        return latestDeadline(waiters);
      },
      caller: first.caller,
    };
    const answer = Promise.resolve(inner.lookup(question, context));
    const lookup: SharedLookup = { answer, context, controller, waiters, result: undefined, hasEnded: false };
    lookups.set(identity, lookup);
    const end = (result?: Answer) => {
      lookup.result = result;
      lookup.hasEnded = true;
      if (maxKept === 0 && lookups.get(identity) === lookup) lookups.delete(identity);
    };
    answer.then(end, () => end());
    const [oldest] = lookups.keys();
    if (maxKept > 0 && lookups.size > maxKept && oldest !== undefined) lookups.delete(oldest);
    return lookup;
  };

  const find = (identity: string): SharedLookup | undefined => {
    const found = lookups.get(identity);
    return found?.result && isDoubtful(found.result) ? undefined : found;
  };

  return wrapTracker(inner, {
    async lookup(question, context) {
      if (context.signal.aborted) throw toCctError(context.signal.reason);
      const identity = inner.identify(question);
      const lookup = find(identity) ?? begin(identity, question, context);
      lookup.waiters.add(context);
      lookup.context.caller = findFirstCaller(lookup.waiters);
      try {
        return await orAborted(lookup.answer, context.signal);
      } finally {
        lookup.waiters.delete(context);
        if (lookup.waiters.size > 0) lookup.context.caller = findFirstCaller(lookup.waiters);
        else if (!lookup.hasEnded) {
          if (lookups.get(identity) === lookup) lookups.delete(identity);
          lookup.controller.abort(context.signal.reason);
        }
      }
    },
  });
}

function latestDeadline(waiters: ReadonlySet<LookupContext>): number | undefined {
  let latestMs = -Infinity;
  for (const { deadlineAtMs = Infinity } of waiters) latestMs = Math.max(latestMs, deadlineAtMs);
  return Number.isFinite(latestMs) ? latestMs : undefined;
}

/** Undefined if any waiter has no caller: a single lookup has the highest priority. */
function findFirstCaller(waiters: ReadonlySet<LookupContext>): Caller | undefined {
  const callers = [...waiters].map(({ caller }) => caller);
  return callers.reduce((first, caller) => (first && caller && goesBefore(caller, first) ? caller : caller && first));
}
