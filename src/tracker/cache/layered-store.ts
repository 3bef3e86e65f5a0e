import type { Answer } from '../../core/tracker.ts';
import type { AnswerStore } from './remembering.ts';
import type { Freshness } from './freshness.ts';
import { isFresh } from './freshness.ts';
import type { MemoryStore } from './memory-store.ts';

/**
 * Memory first, then a store that several processes share. What that one gives is put into memory. An answer in memory that has grown old
 * does not hide a newer one which another process has asked for. Answers in memory are given at once; the rest is as the shared one does.
 */
export function createLayeredStore(memory: MemoryStore, shared: AnswerStore, freshness: Freshness): AnswerStore {
  const recall = async (key: string): Promise<Answer | undefined> => {
    const found = await shared.get(key);
    if (found) memory.set(key, found);
    return found;
  };
  return {
    get(key) {
      const found = memory.get(key);
      return found && isFresh(found.answeredAt, freshness) ? found : recall(key);
    },
    set(key, answer) {
      memory.set(key, answer);
      return shared.set(key, answer);
    },
    close: () => shared.close?.(),
  };
}
