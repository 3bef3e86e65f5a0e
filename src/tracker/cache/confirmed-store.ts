import { setTimeout as delay } from 'node:timers/promises';
import type { OuterStore } from './remembering.ts';

// A connection confirms its answers within a second of the last one; a write to a server takes at most half a second.
const LAST_ANSWERS_MS = 1_500;

/**
 * A store outside of the process that receives an answer once its connection has confirmed that it belongs to its question, and never
 * when it has not. `close` waits for the last answers, 1.5 s at most.
 */
export function createConfirmedStore(store: OuterStore): OuterStore {
  const pending = new Set<Promise<void>>();
  return {
    get: (key) => store.get(key),
    async set(key, answer) {
      const isConfirmed = answer.connection?.confirmed() ?? Promise.resolve(true);
      const written = isConfirmed.then((isSure) => (isSure ? store.set(key, answer) : undefined));
      pending.add(written);
      await written.finally(() => pending.delete(written));
    },
    async close() {
      await Promise.race([Promise.allSettled(pending), delay(LAST_ANSWERS_MS, undefined, { ref: false })]);
      await store.close();
    },
  };
}
