import { LRUCache } from 'lru-cache';
import type { Answer } from '../../core/tracker.ts';
import type { AnswerStore } from './remembering.ts';

export interface MemoryStoreOptions {
  /** Bytes of keys and answers together, estimated from the lengths of their texts. Default 32 MiB. */
  readonly maxBytes?: number;
  /** Default 50,000. */
  readonly maxEntries?: number;
}

/** A store in memory, and how full it is. */
export interface MemoryStore extends AnswerStore {
  get(key: string): Answer | undefined;
  set(key: string, answer: Answer): void;
  readonly entries: number;
  /** Estimated. */
  readonly bytes: number;
}

// Real keys are short; long ones must not displace them.
const MAX_KEY_LENGTH = 8192;
// An answer, its date, and its place in the cache's lists, measured.
const OVERHEAD_BYTES = 300;

/** Keeps the answers that were used last in memory. A key of more than 8,192 characters is not stored. Never throws. */
export function createMemoryStore({ maxBytes = 32 * 1024 ** 2, maxEntries = 50_000 }: MemoryStoreOptions = {}): MemoryStore {
  const cache = new LRUCache<string, Answer>({ max: maxEntries, maxSize: maxBytes, sizeCalculation: estimateBytes });
  return {
    get entries() {
      return cache.size;
    },
    get bytes() {
      return cache.calculatedSize;
    },
    get: (key) => cache.get(key),
    set(key, answer) {
      if (key.length <= MAX_KEY_LENGTH) cache.set(structuredClone(key), withOwnTexts(answer));
    },
  };
}

/** The answer with copies of its texts: V8 keeps a slice as a view, a megabyte for a short message. */
function withOwnTexts(answer: Answer): Answer {
  if (answer.status === 'unlisted') return answer;
  const { message, family } = answer;
  return { ...answer, ...structuredClone({ message, family }) };
}

function estimateBytes(answer: Answer, key: string): number {
  const texts = answer.status === 'listed' ? answer.message.length + answer.family.length + (answer.firstListed?.length ?? 0) : 0;
  return OVERHEAD_BYTES + 2 * (key.length + texts);
}
