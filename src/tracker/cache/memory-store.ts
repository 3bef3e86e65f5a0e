import { LRUCache } from 'lru-cache';
import { detach } from '../../core/detached-text.ts';
import type { Answer } from '../../core/tracker.ts';
import type { AnswerStore } from './remembering.ts';

export interface MemoryStoreOptions {
  /** Bytes that keys and answers may take together, as estimated from their texts. Default 32 MiB. */
  readonly maxBytes?: number;
  /** Answers at the most. Default 50,000. */
  readonly maxEntries?: number;
}

/** A store in memory, and how full it is. */
export interface MemoryStore extends AnswerStore {
  get(key: string): Answer | undefined;
  set(key: string, answer: Answer): void;
  /** Answers kept. */
  readonly entries: number;
  /** Their size, as estimated. */
  readonly bytes: number;
}

const MIB = 1024 ** 2;
// Real keys are short; whoever asks for long ones shall not push out what others ask for.
const MAX_KEY_LENGTH = 8192;
// The answer, its date, and the places in the cache's lists, measured.
const OVERHEAD_BYTES = 300;

/**
 * Keeps answers in memory, and forgets those that were not asked for longest when there are too many or they are too big. A key of more
 * than 8,192 characters is not kept. Never throws.
 */
export function createMemoryStore({ maxBytes = 32 * MIB, maxEntries = 50_000 }: MemoryStoreOptions = {}): MemoryStore {
  const kept = new LRUCache<string, Answer>({ max: maxEntries, maxSize: maxBytes, sizeCalculation: estimateBytes });
  return {
    get entries() {
      return kept.size;
    },
    get bytes() {
      return kept.calculatedSize;
    },
    get: (key) => kept.get(key),
    set(key, answer) {
      if (key.length <= MAX_KEY_LENGTH) kept.set(detach(key), detachTexts(answer));
    },
  };
}

function estimateBytes(answer: Answer, key: string): number {
  const texts = answer.status === 'listed' ? answer.message.length + answer.family.length + (answer.firstListed?.length ?? 0) : 0;
  return OVERHEAD_BYTES + 2 * (key.length + texts);
}

function detachTexts(answer: Answer): Answer {
  if (answer.status === 'unlisted') return answer;
  const { firstListed } = answer;
  return {
    ...answer,
    message: detach(answer.message),
    family: detach(answer.family),
    ...(firstListed === undefined ? {} : { firstListed: detach(firstListed) }),
  };
}
