import type { LookupContext } from '../../core/tracker.ts';
import type { Clock } from '../clock.ts';

/** Resolves when it is the caller's turn; rejects with the reason of the call's end when that comes first. */
export type Pacer = (context: LookupContext) => Promise<void>;

/** Spreads turns evenly, `ratePerSecond` of them a second and never in bursts; without a rate every turn is now. */
export function createPacer(ratePerSecond: number | undefined, clock: Clock): Pacer {
  if (ratePerSecond === undefined) return () => Promise.resolve();
  const intervalMs = 1000 / ratePerSecond;
  let nextTurnMs = -Infinity;
  return async (context) => {
    const nowMs = clock.nowMs();
    const turnMs = Math.max(nowMs, nextTurnMs);
    nextTurnMs = turnMs + intervalMs;
    if (turnMs > nowMs) await clock.sleep(turnMs - nowMs, context.signal);
  };
}
