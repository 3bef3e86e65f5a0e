import type { Observable } from './observable.ts';
import type { HashKey } from './sip-hash.ts';
import { HASH_WORDS, sipHash } from './sip-hash.ts';

/** Canonical observables seen so far. */
export interface Distinct {
  /** Adds an observable; true when it is new. */
  add(observable: Observable): boolean;
}

const WORD_VALUES = 2 ** 32;

/**
 * Distinguishes new observables from repeated ones. There may be many millions, so it stores only 95 bits of a hash of each: among ten
 * million, the chance of a collision is about one in 10^15. The authors of the input cannot know the keys.
 */
export function createDistinct(random: () => number = Math.random): Distinct {
  const createKey = (): HashKey => [Math.floor(random() * WORD_VALUES), Math.floor(random() * WORD_VALUES)];
  // A key each, as a text made of type and value could be that of another pair.
  const keysByType = new Map<string, HashKey>();
  const hashes = new HashSet();
  const words = new Uint32Array(HASH_WORDS);
  return {
    add({ type, value }) {
      let keyOfType = keysByType.get(type);
      if (!keyOfType) keysByType.set(type, (keyOfType = createKey()));
      sipHash(value, keyOfType, words);
      return hashes.add(words[0] ?? 0, words[1] ?? 0, words[2] ?? 0);
    },
  };
}

const FIRST_SLOTS = 64;
const MAX_LOAD = 0.75;

/** A set of hashes with open addressing: one array has no overhead per hash. The last word of a free slot is 0. */
class HashSet {
  private words = new Uint32Array(FIRST_SLOTS * HASH_WORDS);
  private slots = FIRST_SLOTS;
  private size = 0;

  /** Adds a hash; false if the set already contains it. */
  add(first: number, second: number, third: number): boolean {
    const { words } = this;
    const last = (third | 1) >>> 0;
    let at = this.toPlace(first);
    while (words[at + 2] !== 0) {
      if (words[at] === first && words[at + 1] === second && words[at + 2] === last) return false;
      at = at + HASH_WORDS === words.length ? 0 : at + HASH_WORDS;
    }
    words[at] = first;
    words[at + 1] = second;
    words[at + 2] = last;
    this.size += 1;
    if (this.size > this.slots * MAX_LOAD) this.grow();
    return true;
  }

  private toPlace(first: number): number {
    return (first & (this.slots - 1)) * HASH_WORDS;
  }

  private grow(): void {
    const { words } = this;
    this.slots *= 2;
    this.size = 0;
    this.words = new Uint32Array(this.slots * HASH_WORDS);
    for (let at = 0; at < words.length; at += HASH_WORDS) {
      if (words[at + 2] !== 0) this.add(words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0);
    }
  }
}
