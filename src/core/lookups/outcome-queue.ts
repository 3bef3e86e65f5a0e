import type { Outcome } from './outcome.ts';

// Outcomes must be short-lived: V8 promotes what survives two collections, and memory doubles.
const MAX_KNOWN = 128;

/** The place of one outcome, in order; undefined while its lookup is open. */
interface Slot {
  outcome: Outcome | undefined;
}

/** A queue of outcomes between lookups and one consumer, which takes them in the order in which they were added. */
export class OutcomeQueue {
  readonly #maxLength: number;
  readonly #slots: Slot[] = [];
  #wakers: (() => void)[] = [];
  #isEnded = false;
  #failure: { readonly thrown: unknown } | undefined;
  /** Whether the consumer has stopped. */
  isStopped = false;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  add(outcome: Outcome | Promise<Outcome>): void {
    if (!(outcome instanceof Promise)) {
      this.#slots.push({ outcome });
      return;
    }
    const slot: Slot = { outcome: undefined };
    this.#slots.push(slot);
    void outcome.then((known) => {
      slot.outcome = known;
      this.notify();
    });
  }

  isFull(): boolean {
    const { length, 0: first } = this.#slots;
    return length >= this.#maxLength || (length >= MAX_KNOWN && first?.outcome !== undefined);
  }

  /** Resolves when there is room, or the consumer has stopped. */
  async room(): Promise<void> {
    while (this.isFull() && !this.isStopped) {
      this.notify();
      await this.#change();
    }
  }

  /** Notifies the consumer of additions. */
  notify(): void {
    const woken = this.#wakers;
    this.#wakers = [];
    for (const wake of woken) wake();
  }

  /** Ends the queue. `take` rejects with `failure` after all outcomes before it were taken. */
  end(failure?: { readonly thrown: unknown }): void {
    this.#isEnded = true;
    this.#failure = failure;
    this.notify();
  }

  stop(): void {
    this.isStopped = true;
    this.notify();
  }

  /** Waits for the next outcomes and returns at least one; undefined at the end. Rejects with the failure. */
  async take(): Promise<readonly Outcome[] | undefined> {
    for (;;) {
      const firstOpen = this.#slots.findIndex(({ outcome }) => outcome === undefined);
      const known = this.#slots.splice(0, firstOpen === -1 ? this.#slots.length : firstOpen);
      if (known.length > 0) {
        this.notify();
        return known.map(({ outcome }) => outcome as Outcome);
      }
      if (this.#isEnded && this.#slots.length === 0) break;
      await this.#change();
    }
    if (this.#failure) throw this.#failure.thrown;
    return undefined;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wakers.push(resolve));
  }
}
