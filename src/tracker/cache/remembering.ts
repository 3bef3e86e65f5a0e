import { toCctError } from '../../core/errors.ts';
import type { Question } from '../../core/observables/observable.ts';
import type { Answer, LookupContext, Tracker } from '../../core/lookups/tracker.ts';
import { isDoubtful, wrapTracker } from '../../core/lookups/tracker.ts';
import type { AnswerStore, Freshness } from './answer-store.ts';
import { isFresh } from './answer-store.ts';

export interface RememberingOptions extends Freshness {
  readonly store: AnswerStore;
  /** Whether to ignore stored answers. New answers are stored anyway. */
  readonly refresh: boolean;
  /** Called for each lookup that the store answers. */
  readonly onHit?: () => void;
  /** Called for each lookup that is passed to the inner tracker. */
  readonly onMiss?: () => void;
}

/**
 * Adds a cache to a tracker. Fresh answers from the store keep their time and have the `source` `cache`. Stores answers of the inner tracker
 * by its `identify`, except answers from a snapshot and those that may belong to another question. Store failures count as misses; writes
 * are not awaited. `close` closes the store first.
 */
export function createRememberingTracker(inner: Tracker, options: RememberingOptions): Tracker {
  const { store, refresh, onHit, onMiss } = options;

  const lookUp = async (question: Question, key: string, context: LookupContext): Promise<Answer> => {
    onMiss?.();
    const answer = await inner.lookup(question, context);
    if (answer.source !== 'snapshot' && !isDoubtful(answer)) store.set(key, answer).catch(() => undefined);
    return answer;
  };

  return wrapTracker(inner, {
    async lookup(question, context) {
      const key = inner.identify(question);
      const found = refresh ? undefined : await store.get(key).catch(() => undefined);
      // No listener, because stores are quick, and adding one to a signal with thousands of listeners is slow.
      if (context.signal.aborted) throw toCctError(context.signal.reason);
      if (!found || isDoubtful(found) || !isFresh(found.answeredAt, options)) return lookUp(question, key, context);
      onHit?.();
      return { ...found, source: 'cache' };
    },
    async close() {
      await store.close();
      await inner.close();
    },
  });
}
