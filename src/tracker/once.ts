import { toCctError } from '../core/errors.ts';
import type { Answer, Tracker } from '../core/tracker.ts';
import { isDoubtful } from '../core/tracker.ts';

// As many keys as that are hours of asking; what is remembered on disk costs no lookup beyond them either.
const MAX_KNOWN = 50_000;

/**
 * A tracker that asks the inner one each question once, by its `identify`, and gives the same answer or failure again: for a batch, in
 * which two observables may have one lookup key. Of more than `maxKnown` (50,000) it forgets the first, so that a batch may be of any
 * length. Answers that are at hand are not kept: the inner tracker has them. `ping` and `close` go straight to it.
 */
export function createOnceTracker(inner: Tracker, { maxKnown = MAX_KNOWN }: { readonly maxKnown?: number } = {}): Tracker {
  const known = new Map<string, Promise<Answer> | { readonly answer: Answer } | { readonly failure: unknown }>();
  const forgetFirst = () => {
    const [first] = known.keys();
    if (first !== undefined) known.delete(first);
  };
  return {
    identify: (question) => inner.identify(question),
    lookup(question, context) {
      const identity = inner.identify(question);
      const found = known.get(identity);
      if (found instanceof Promise) return found;
      if (found && !('answer' in found)) return Promise.reject(toCctError(found.failure));
      if (found && !isDoubtful(found.answer)) return found.answer;
      const asked = inner.lookup(question, context);
      if (!(asked instanceof Promise)) return asked;
      known.set(identity, asked);
      if (known.size > maxKnown) forgetFirst();
      // What is settled takes less room as it is than as a promise.
      const keep = (settled: { readonly answer: Answer } | { readonly failure: unknown }) =>
        known.get(identity) === asked ? known.set(identity, settled) : undefined;
      asked.then(
        (answer) => keep({ answer }),
        (failure: unknown) => keep({ failure }),
      );
      return asked;
    },
    ping: (context) => inner.ping(context),
    close: () => inner.close(),
  };
}
