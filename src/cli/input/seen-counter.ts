import type { Observable, Seen, SeenPlace } from '../../core/observables/observable.ts';

/** Counts how often, and notes where, the inputs of a run name each observable. Grows only with distinct observables. */
export class SeenCounter {
  private readonly byType = new Map<string, Map<string, CountedSeen>>();

  /** Where an observable was seen so far, if it was. */
  find({ type, value }: Observable): Seen | undefined {
    return this.byType.get(type)?.get(value);
  }

  /** Counts an occurrence. For a new observable, returns its `Seen`, which further calls update; for a known one, undefined. */
  see({ type, value }: Observable, place: SeenPlace): Seen | undefined {
    let byValue = this.byType.get(type);
    if (!byValue) this.byType.set(type, (byValue = new Map<string, CountedSeen>()));
    const known = byValue.get(value);
    if (known) {
      known.count += 1;
      known.last = place;
      return undefined;
    }
    const seen: CountedSeen = { first: place, count: 1, last: place };
    byValue.set(value, seen);
    return seen;
  }
}

interface CountedSeen extends Seen {
  count: number;
  last: SeenPlace;
}
