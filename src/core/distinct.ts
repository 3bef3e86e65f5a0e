import type { Observable } from './observable.ts';

/** Canonical observables that were seen. */
export interface Distinct {
  /** Whether it was not seen before; from now on it was. */
  add(observable: Observable): boolean;
}

// V8 refuses to let a Set grow beyond 2^24; at half of that a new one is begun.
const MAX_SET_SIZE = 2 ** 23;

/**
 * Tells the first of equal observables from the others. Holds no more than the value itself and its place in a set, about 30 bytes: the
 * input may have millions.
 */
export function createDistinct(maxSetSize = MAX_SET_SIZE): Distinct {
  const setsByType = new Map<string, Set<string>[]>();
  return {
    add({ type, value }) {
      let sets = setsByType.get(type);
      if (!sets) setsByType.set(type, (sets = [new Set()]));
      const last = sets[sets.length - 1] ?? new Set();
      for (const set of sets) if (set !== last && set.has(value)) return false;
      const sizeBefore = last.size;
      last.add(value);
      if (last.size >= maxSetSize) sets.push(new Set());
      return last.size > sizeBefore;
    },
  };
}
