import type { Observable, Seen, SeenPlace } from '../../core/observable.ts';

/** Where an observable was seen so far. */
interface CountedSeen extends Seen {
  count: number;
  last: SeenPlace;
}

/** Counts how often, and notes where, the inputs of a run name each observable. Grows with distinct observables only. */
export class SeenCounter {
  private readonly byType = new Map<string, Map<string, CountedSeen>>();

  /** Where an observable was seen so far; undefined for a new one. */
  find({ type, value }: Observable): CountedSeen | undefined {
    return this.byType.get(type)?.get(value);
  }

  /** Adds a new one, which counts from `see` on. */
  add({ type, value }: Observable, first: SeenPlace): CountedSeen {
    const seen = { first, count: 0, last: first };
    const byValue = this.byType.get(type);
    if (byValue) byValue.set(value, seen);
    else this.byType.set(type, new Map([[value, seen]]));
    return seen;
  }
}

/** Counts one more place. */
export function see(seen: CountedSeen, place: SeenPlace): void {
  seen.count += 1;
  seen.last = place;
}
