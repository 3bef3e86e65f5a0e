import type { Queue, QueueAddOptions } from 'p-queue';
import type { LookupContext } from '../../core/lookups/tracker.ts';
import { goesBefore } from '../../core/lookups/tracker.ts';

type Run = () => Promise<unknown>;

/** The queue options of an attempt. */
export interface AttemptOptions extends QueueAddOptions {
  readonly context?: LookupContext;
}

interface Waiting {
  readonly run: Run;
  readonly id: string | undefined;
  readonly context: LookupContext | undefined;
}

/** The queue of attempts, in the order of their callers; attempts of one caller are in order of arrival. */
export class LookupQueue implements Queue<Run, AttemptOptions> {
  readonly #waiting: Waiting[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  enqueue(run: Run, { id, context }: Partial<AttemptOptions> = {}): void {
    this.#waiting.push({ run, id, context });
  }

  dequeue(): Run | undefined {
    let next = 0;
    let first = this.#waiting[0]?.context?.caller;
    // A lookup without a caller goes first; stop there, since a batch has thousands of them.
    for (let at = 1; first && at < this.#waiting.length; at += 1) {
      const caller = this.#waiting[at]?.context?.caller;
      if (caller === first || (caller && !goesBefore(caller, first))) continue;
      [next, first] = [at, caller];
    }
    return this.#waiting.splice(next, 1)[0]?.run;
  }

  remove(id: string): void {
    const at = this.#waiting.findIndex((waiting) => waiting.id === id);
    if (at !== -1) this.#waiting.splice(at, 1);
  }

  filter(): Run[] {
    return this.#waiting.map(({ run }) => run);
  }

  setPriority(): never {
    throw new TypeError('The order follows from open lookups and deadlines');
  }
}
