import type { Observable, SeenPlace } from '../../core/observable.ts';

/** Where an observable was seen so far. */
interface Counted {
  readonly first: SeenPlace;
  count: number;
  last: SeenPlace;
}

/** Counts how often, and notes where, the inputs of a run name each observable. Grows with distinct observables only. */
export class SeenCounter {
  private readonly byType = new Map<string, Map<string, Counted>>();

  /** Counts an observable once more; what is returned goes on to change. */
  count({ type, value }: Observable, place: SeenPlace): { readonly seen: Counted; readonly isNew: boolean } {
    const byValue = this.countsOf(type);
    const known = byValue.get(value);
    if (known) {
      known.count += 1;
      known.last = place;
      return { seen: known, isNew: false };
    }
    const seen: Counted = { first: place, count: 1, last: place };
    byValue.set(value, seen);
    return { seen, isNew: true };
  }

  private countsOf(type: string): Map<string, Counted> {
    const known = this.byType.get(type);
    if (known) return known;
    const counts = new Map<string, Counted>();
    this.byType.set(type, counts);
    return counts;
  }
}
