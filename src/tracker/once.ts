import type { Answer, Tracker } from '../core/tracker.ts';
import { toCctError } from '../core/errors.ts';

/**
 * A tracker that asks the inner one each question once, by its `identify`, for as long as it lives, and gives the same answer or failure
 * again: for a batch, in which two observables may have one lookup key. It forgets nothing, so it must not live longer than its batch.
 * Answers that are at hand are not kept: the inner tracker has them. `ping` and `close` go straight to it.
 */
export function createOnceTracker(inner: Tracker): Tracker {
  const known = new Map<string, Promise<Answer> | { readonly answer: Answer } | { readonly failure: unknown }>();
  return {
    identify: (question) => inner.identify(question),
    lookup(question, context) {
      const identity = inner.identify(question);
      const found = known.get(identity);
      if (found instanceof Promise) return found;
      if (found) return 'answer' in found ? found.answer : Promise.reject(toCctError(found.failure));
      const asked = inner.lookup(question, context);
      if (!(asked instanceof Promise)) return asked;
      known.set(identity, asked);
      // What is settled takes less room as it is than as a promise.
      asked.then(
        (answer) => known.set(identity, { answer }),
        (failure: unknown) => known.set(identity, { failure }),
      );
      return asked;
    },
    ping: (context) => inner.ping(context),
    close: () => inner.close(),
  };
}
