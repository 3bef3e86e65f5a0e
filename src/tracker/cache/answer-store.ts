import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '../../core/lookups/tracker.ts';

/**
 * Stores answers by key. `get` returns the answer that was set last, equal in every field, or undefined: a store may drop answers at any
 * time. It may reject, and does not check the age of answers.
 */
export interface AnswerStore {
  /** Must resolve soon, within half a second for a server, because aborted lookups wait for it too. */
  get(key: string): Promise<Answer | undefined>;
  /** Resolves after the answer is stored. */
  set(key: string, answer: Answer): Promise<void>;
  /** Releases connections; writes that have not resolved may be lost. */
  close(): Promise<void>;
}

/** A store on a server, which may be unreachable. */
export interface ServerStore extends AnswerStore {
  /** Whether the server answered the last request; false until it is connected. */
  readonly isReachable: boolean;
}

/** The maximum age of answers. */
export interface Freshness {
  /** Milliseconds from the time of an answer. */
  readonly ttlMs: number;
  readonly now: () => Date;
}

// Clocks of machines that share a store differ a little. A time further ahead comes from a wrong clock.
const CLOCK_SKEW_MS = 60_000;

/** Whether an answer of this time may still be used. */
export function isFresh(answeredAt: Date, { ttlMs, now }: Freshness): boolean {
  const ageMs = now().getTime() - answeredAt.getTime();
  return ageMs < ttlMs && ageMs >= -CLOCK_SKEW_MS;
}

/**
 * Puts memory in front of a store that several processes share. Copies answers of the shared store to memory. An expired answer in memory
 * does not hide a newer one that another process stored.
 */
export function createLayeredStore(memory: AnswerStore, shared: AnswerStore, freshness: Freshness): AnswerStore {
  return {
    async get(key) {
      const near = await memory.get(key);
      if (near && isFresh(near.answeredAt, freshness)) return near;
      const found = await shared.get(key);
      if (found) await memory.set(key, found);
      return found;
    },
    async set(key, answer) {
      await Promise.all([memory.set(key, answer), shared.set(key, answer)]);
    },
    close: () => shared.close(),
  };
}

// A connection confirms its answers within a second of the last one.
const MAX_CONFIRMATION_MS = 1_200;

/**
 * Wraps a store outside of the process, so that it receives only answers whose connection has confirmed that they belong to their
 * questions. `close` waits up to 1.2 s for the last confirmations, and for pending writes.
 */
export function createConfirmedStore(store: AnswerStore): AnswerStore {
  const pending = new Set<Promise<void>>();
  const writing = new Set<Promise<void>>();
  let isClosed = false;
  const track = (work: Promise<void>, running: Set<Promise<void>>): Promise<void> => {
    running.add(work);
    return work.finally(() => running.delete(work));
  };
  const write = async (key: string, answer: Answer): Promise<void> => {
    const isConfirmed = (await answer.connection?.confirmed()) ?? true;
    if (isConfirmed && !isClosed) await track(store.set(key, answer), writing);
  };
  return {
    get: (key) => store.get(key),
    set: (key, answer) => track(write(key, answer), pending),
    async close() {
      await Promise.race([Promise.allSettled(pending), delay(MAX_CONFIRMATION_MS, undefined, { ref: false })]);
      isClosed = true;
      await Promise.allSettled(writing);
      await store.close();
    },
  };
}
