import type { Clock } from '../clock.ts';

/** Resolves when the rate allows the next attempt; rejects with the signal's reason if it aborts first. */
export type Pacer = (signal: AbortSignal) => Promise<void>;

/** Spreads attempts evenly, `ratePerSecond` per second and never in bursts. Undefined means no limit. */
export function createPacer(ratePerSecond: number | undefined, clock: Clock): Pacer {
  if (ratePerSecond === undefined) return () => Promise.resolve();
  const intervalMs = 1000 / ratePerSecond;
  let nextMs = -Infinity;
  return async (signal) => {
    const nowMs = clock.monotonicMs();
    const turnMs = Math.max(nowMs, nextMs);
    nextMs = turnMs + intervalMs;
    if (turnMs > nowMs) await clock.sleep(turnMs - nowMs, signal);
  };
}
