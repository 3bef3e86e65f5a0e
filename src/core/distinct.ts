import { CctError } from './errors.ts';
import type { Observable } from './observable.ts';

/** Canonical observables seen so far. */
export interface Distinct {
  /** Adds an observable; true when it is new. Throws `input` at more than 16,777,215 of one type. */
  add(observable: Observable): boolean;
}

// V8's limit of a Set.
const MAX_DISTINCT = 2 ** 24 - 1;

/** Tells new observables from repeated ones. Holds their values only: there may be millions. */
export function createDistinct(maxDistinct = MAX_DISTINCT): Distinct {
  const valuesByType = new Map<string, Set<string>>();
  return {
    add({ type, value }) {
      const values = valuesByType.get(type) ?? new Set();
      if (values.size === 0) valuesByType.set(type, values);
      const { size } = values;
      if (size >= maxDistinct && !values.has(value)) {
        throw new CctError('input', `more than ${maxDistinct} distinct observables of type ${type}: split the input`);
      }
      return values.add(value).size > size;
    },
  };
}
