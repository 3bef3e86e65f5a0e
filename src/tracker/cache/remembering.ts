import { toCctError } from '../../core/errors.ts';
import type { Question } from '../../core/observable.ts';
import type { Answer, LookupContext, Tracker } from '../../core/tracker.ts';
import { isDoubtful, wrapTracker } from '../../core/tracker.ts';
import type { AnswerStore, Freshness } from './answer-store.ts';
import { isFresh } from './answer-store.ts';

export interface RememberingOptions extends Freshness {
  readonly store: AnswerStore;
  /** Reads nothing from the store, and stores new answers. */
  readonly refresh: boolean;
  /** Called for each lookup that the store answers. */
  readonly onHit?: () => void;
  /** Called for each lookup that goes to the inner tracker. */
  readonly onMiss?: () => void;
}

/**
 * A tracker that returns fresh answers from a store, with their own moment and `source` `cache`, and stores those of the inner tracker by
 * its `identify`: no failure, no answer from a snapshot, and none that may belong to another question. Store failures count as misses;
 * writes are not awaited. `close` closes the store first.
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
      // Without a listener: stores are quick, and a signal searches thousands of listeners before it adds one.
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
