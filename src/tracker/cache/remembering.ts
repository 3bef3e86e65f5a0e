import { toCctError } from '../../core/errors.ts';
import type { Question } from '../../core/observable.ts';
import type { Answer, LookupContext, Tracker } from '../../core/tracker.ts';
import { isDoubtful, wrapTracker } from '../../core/tracker.ts';
import { orAborted } from '../cancellation.ts';
import type { Freshness } from './freshness.ts';
import { isFresh } from './freshness.ts';

/**
 * Keeps answers by key, exactly: what was set last is what is got, equal in every field, `answeredAt` to the millisecond, or nothing.
 * It may forget at any time, and may throw or reject: whoever asks goes on without it. How old an answer may be is not its business.
 */
export interface AnswerStore {
  get(key: string): Answer | undefined | Promise<Answer | undefined>;
  set(key: string, answer: Answer): void | Promise<void>;
  /** Lets go of what it holds; what is being written is given a short time before. */
  close?(): void | Promise<void>;
}

/** A store outside of this process, which never has an answer at hand. */
export interface OuterStore extends AnswerStore {
  get(key: string): Promise<Answer | undefined>;
  set(key: string, answer: Answer): Promise<void>;
  /** Resolves when what is being written was written, or has had its time. */
  close(): Promise<void>;
}

export interface RememberingOptions extends Freshness {
  readonly store: AnswerStore;
  /** Asks for everything anew, and keeps what comes. */
  readonly refresh: boolean;
  /** Told of each lookup that was answered from the store. */
  readonly onHit?: () => void;
  /** Told of each lookup for which the inner tracker is asked; with `refresh` that is each of them. */
  readonly onMiss?: () => void;
}

/**
 * A tracker that returns fresh answers from a store, with their own moment and `source` `cache`, and stores what the inner tracker answers,
 * by its `identify`; never a failure, never what came from a snapshot, which has its own date, and no answer that may belong to another
 * question. Store failures count as misses. Writes are not awaited. Rejects as the inner tracker does, and with the reason of a call that
 * is over. `ping` goes straight to the inner tracker; `close` closes the store first, which may wait for connections.
 */
export function createRememberingTracker(inner: Tracker, options: RememberingOptions): Tracker {
  const { store, refresh, onHit, onMiss } = options;

  const ask = async (question: Question, key: string, context: LookupContext): Promise<Answer> => {
    onMiss?.();
    const answer = await inner.lookup(question, context);
    if (answer.source !== 'snapshot' && !isDoubtful(answer)) keep(store, key, answer);
    return answer;
  };

  return wrapTracker(inner, {
    async lookup(question, context) {
      if (context.signal.aborted) throw toCctError(context.signal.reason);
      const key = inner.identify(question);
      const found = refresh ? undefined : await orAborted(recall(store, key), context.signal);
      if (!found || isDoubtful(found) || !isFresh(found.answeredAt, options)) return ask(question, key, context);
      onHit?.();
      return toCached(found);
    },
    async close() {
      await store.close?.();
      await inner.close();
    },
  });
}

function toCached(answer: Answer): Answer {
  return answer.source === 'cache' ? answer : { ...answer, source: 'cache' };
}

/** Never rejects. */
async function recall(store: AnswerStore, key: string): Promise<Answer | undefined> {
  try {
    return await store.get(key);
  } catch {
    return undefined;
  }
}

/** Never throws or rejects: what is not stored is looked up again. */
function keep(store: AnswerStore, key: string, answer: Answer): void {
  try {
    // As it will be returned: a hit then costs no copy.
    const kept = store.set(key, toCached(answer));
    if (kept instanceof Promise) kept.catch(() => undefined);
  } catch {
    // The store reports its own trouble.
  }
}
