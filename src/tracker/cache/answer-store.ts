import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '../../core/tracker.ts';

/**
 * Stores answers by key: `get` returns what was set last, equal in every field, or nothing. It may forget at any time, and may reject; it
 * does not judge the age of an answer.
 */
export interface AnswerStore {
  /** Resolves soon, within half a second for a server: an aborted lookup waits for it too. */
  get(key: string): Promise<Answer | undefined>;
  /** Resolves when the answer is stored. */
  set(key: string, answer: Answer): Promise<void>;
  /** Releases connections; writes that have not resolved may be lost. */
  close(): Promise<void>;
}

/** A store on a server, which may be unreachable. */
export interface ServerStore extends AnswerStore {
  /** Whether the server answered last; false until it is connected. */
  readonly isReachable: boolean;
}

/** How old an answer may be. */
export interface Freshness {
  /** Milliseconds from the moment of an answer. */
  readonly ttlMs: number;
  readonly now: () => Date;
}

// Clocks of machines that share a store differ a little; a moment further ahead comes from a wrong clock.
const CLOCK_SKEW_MS = 60_000;

/** Whether an answer of this moment may still be used. */
export function isFresh(answeredAt: Date, { ttlMs, now }: Freshness): boolean {
  const ageMs = now().getTime() - answeredAt.getTime();
  return ageMs < ttlMs && ageMs >= -CLOCK_SKEW_MS;
}

/**
 * Memory in front of a store that processes share. Answers of the shared store are put into memory; an expired answer in memory does not
 * hide a newer one that another process stored.
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
 * A store outside of the process that receives an answer once its connection has confirmed that it belongs to its question, and never when
 * it has not. `close` waits for the last confirmations, 1.2 s at most, and for the writes.
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
