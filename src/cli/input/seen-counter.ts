import type { Observable, Seen, SeenPlace } from '../../core/observable.ts';

/** Where an observable was seen so far. Its fields are plain values: an object for each record would keep the garbage collector busy. */
class CountedSeen implements Seen {
  readonly first: SeenPlace;
  count = 0;
  private file = '';
  private line = 0;
  private time: string | undefined;

  constructor(first: SeenPlace) {
    this.first = first;
  }

  see(file: string, line: number, time: string | undefined): void {
    this.count += 1;
    this.file = file;
    this.line = line;
    this.time = time;
  }

  get last(): SeenPlace {
    const { file, line, time } = this;
    return time === undefined ? { file, line } : { file, line, time };
  }
}

/** Counts how often, and notes where, the inputs of a run name each observable. Grows with distinct observables only. */
export class SeenCounter {
  private readonly byType = new Map<string, Map<string, CountedSeen>>();

  /** Where an observable was seen so far; undefined for a new one. */
  find({ type, value }: Observable): CountedSeen | undefined {
    return this.byType.get(type)?.get(value);
  }

  add({ type, value }: Observable, first: SeenPlace): CountedSeen {
    const seen = new CountedSeen(first);
    const byValue = this.byType.get(type);
    if (byValue) byValue.set(value, seen);
    else this.byType.set(type, new Map([[value, seen]]));
    return seen;
  }
}
