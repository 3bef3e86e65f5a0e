import type { LookupContext } from '../core/tracker.ts';

/** Somebody who waits for a lookup that may be shared. */
export interface Sharer {
  readonly caller: { readonly context: LookupContext };
}

type GiveWay = NonNullable<LookupContext['giveWay']>;

/**
 * The context of a lookup that several wait for: `deadlineAtMs` is the latest of theirs, as they come and go, and `end` ends it. A signal is
 * there from the moment that somebody looks at it: it costs a tenth of a lookup. A class, since an object with an accessor of its own
 * takes longer to make.
 */
export class SharedContext implements LookupContext {
  readonly giveWay: GiveWay;
  readonly #sharers: ReadonlySet<Sharer>;
  readonly #listeners = new Set<(reason: unknown) => void>();
  #controller: AbortController | undefined;
  #ended: { readonly reason: unknown } | undefined;

  constructor(sharers: ReadonlySet<Sharer>, giveWay: GiveWay) {
    this.#sharers = sharers;
    this.giveWay = giveWay;
  }

  get deadlineAtMs(): number | undefined {
    let latestAtMs = -Infinity;
    for (const { caller } of this.#sharers) latestAtMs = Math.max(latestAtMs, caller.context.deadlineAtMs ?? Infinity);
    return Number.isFinite(latestAtMs) ? latestAtMs : undefined;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#ended) this.#controller.abort(this.#ended.reason);
    }
    return this.#controller.signal;
  }

  isOver(): boolean {
    return this.#ended !== undefined;
  }

  onOver(callback: (reason: unknown) => void): () => void {
    this.#listeners.add(callback);
    return () => void this.#listeners.delete(callback);
  }

  /** Tells all who listen that nobody waits any more. */
  end(reason: unknown): void {
    this.#ended = { reason };
    this.#controller?.abort(reason);
    for (const listener of this.#listeners) listener(reason);
  }
}
