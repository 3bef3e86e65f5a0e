import type { LookupContext } from '../core/tracker.ts';

/** Somebody who waits for a lookup that may be shared. */
export interface Sharer {
  readonly caller: { readonly context: LookupContext };
}

type GiveWay = NonNullable<LookupContext['giveWay']>;

/**
 * The context of a lookup that several wait for: `deadlineAtMs` is the latest of theirs, as they come and go. A class, since an object
 * with an accessor of its own takes longer to make.
 */
export class SharedContext implements LookupContext {
  readonly signal: AbortSignal;
  readonly giveWay: GiveWay;
  readonly #sharers: ReadonlySet<Sharer>;

  constructor(sharers: ReadonlySet<Sharer>, signal: AbortSignal, giveWay: GiveWay) {
    this.#sharers = sharers;
    this.signal = signal;
    this.giveWay = giveWay;
  }

  get deadlineAtMs(): number | undefined {
    let latestAtMs = -Infinity;
    for (const { caller } of this.#sharers) latestAtMs = Math.max(latestAtMs, caller.context.deadlineAtMs ?? Infinity);
    return Number.isFinite(latestAtMs) ? latestAtMs : undefined;
  }
}
