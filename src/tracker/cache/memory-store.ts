import { LRUCache } from 'lru-cache';
import type { Answer } from '../../core/lookups/tracker.ts';
import type { AnswerStore } from './answer-store.ts';

export interface MemoryStoreOptions {
  /** Maximum total size of keys and answers, estimated from text lengths. Default 32 MiB. */
  readonly maxBytes?: number;
  /** Default 50,000. */
  readonly maxEntries?: number;
}

// Real keys are short and must not be displaced by long ones.
const MAX_KEY_LENGTH = 8192;
// The measured size of an answer, its date, and its place in the cache's lists.
const OVERHEAD_BYTES = 300;

/** Keeps the most recently used answers in memory. Keys of more than 8,192 characters are not stored. Never rejects. */
export function createMemoryStore({ maxBytes = 32 * 1024 ** 2, maxEntries = 50_000 }: MemoryStoreOptions = {}): AnswerStore {
  const cache = new LRUCache<string, Answer>({ max: maxEntries, maxSize: maxBytes, sizeCalculation: estimateBytes });
  return {
    get: (key) => Promise.resolve(cache.get(key)),
    set(key, answer) {
      if (key.length <= MAX_KEY_LENGTH) cache.set(structuredClone(key), withOwnTexts(answer));
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/** Copies the texts of an answer: V8 may store a short message as a view on a megabyte of text. */
function withOwnTexts(answer: Answer): Answer {
  if (answer.status === 'unlisted') return answer;
  const { message, family } = answer;
  return { ...answer, ...structuredClone({ message, family }) };
}

function estimateBytes(answer: Answer, key: string): number {
  const texts = answer.status === 'listed' ? answer.message.length + answer.family.length + (answer.firstListed?.length ?? 0) : 0;
  return OVERHEAD_BYTES + 2 * (key.length + texts);
}
