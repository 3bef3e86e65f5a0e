import { toCctError } from '../core/errors.ts';
import type { Question } from '../core/observable.ts';
import type { Answer, LookupContext, Tracker } from '../core/tracker.ts';
import { isDoubtful, wrapTracker } from '../core/tracker.ts';
import { orAborted } from './cancellation.ts';

export interface SharingOptions {
  /** Most results kept after they ended, the oldest dropped first. Default 0: a lookup that has ended is made again. */
  readonly maxKept?: number;
  /** Called when a caller of a higher priority joins a lookup. */
  readonly onRaise?: ((question: Question, priority: number) => void) | undefined;
}

/** One lookup, and those who wait for it. */
interface SharedLookup {
  readonly answer: Promise<Answer>;
  readonly controller: AbortController;
  readonly waiters: Set<LookupContext>;
  priority: number;
  /** Set when it succeeded. */
  result: Answer | undefined;
  hasEnded: boolean;
}

/**
 * A tracker whose callers share lookups of equal identity. With `maxKept` also later ones get the same answer or failure, for a batch in
 * which several observables have one lookup key. Each caller leaves by its own signal; the lookup ends with its last caller. Its
 * deadline is the latest of its callers'.
 */
export function createSharingTracker(inner: Tracker, { maxKept = 0, onRaise }: SharingOptions = {}): Tracker {
  const lookups = new Map<string, SharedLookup>();

  const begin = (identity: string, question: Question, first: LookupContext): SharedLookup => {
    const controller = new AbortController();
    const waiters = new Set([first]);
    const { priority = 0 } = first;
    const context: LookupContext = {
      signal: controller.signal,
      get deadlineAtMs() {
        return latestDeadline(waiters);
      },
      priority,
    };
    const answer = Promise.resolve(inner.lookup(question, context));
    const lookup: SharedLookup = { answer, controller, waiters, priority, result: undefined, hasEnded: false };
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
      const { priority = 0 } = context;
      if (priority > lookup.priority) onRaise?.(question, (lookup.priority = priority));
      try {
        return await orAborted(lookup.answer, context.signal);
      } finally {
        lookup.waiters.delete(context);
        if (lookup.waiters.size === 0 && !lookup.hasEnded) {
          if (lookups.get(identity) === lookup) lookups.delete(identity);
          lookup.controller.abort(context.signal.reason);
        }
      }
    },
  });
}

function latestDeadline(waiters: ReadonlySet<LookupContext>): number | undefined {
  const latestMs = Math.max(...[...waiters].map(({ deadlineAtMs = Infinity }) => deadlineAtMs));
  return Number.isFinite(latestMs) ? latestMs : undefined;
}
