/** What was left out, counted by reason. */
export interface Tally {
  /** Adds one to a reason, or `count`. */
  add(reason: string, count?: number): void;
  /** The count of each reason, in the order of their first use. */
  counts(): readonly (readonly [reason: string, count: number])[];
}

/** An empty tally. */
export function createTally(): Tally {
  const countByReason = new Map<string, number>();
  return {
    add(reason, count = 1) {
      if (count > 0) countByReason.set(reason, (countByReason.get(reason) ?? 0) + count);
    },
    counts: () => [...countByReason],
  };
}
