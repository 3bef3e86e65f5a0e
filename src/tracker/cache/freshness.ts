/** How old an answer may be. */
export interface Freshness {
  /** Milliseconds from the moment of an answer during which it is given again. */
  readonly ttlMs: number;
  readonly now: () => Date;
}

// Machines that share a store have clocks that differ a little; what is from further ahead was written by a clock that was wrong.
const CLOCK_SKEW_MS = 60_000;

/** Whether an answer of this moment may be given again. */
export function isFresh(answeredAt: Date, { ttlMs, now }: Freshness): boolean {
  const ageMs = now().getTime() - answeredAt.getTime();
  return ageMs < ttlMs && ageMs >= -CLOCK_SKEW_MS;
}
