/** Counts by reason. */
export interface Tally {
  /** Adds `count` to a reason, by default 1. */
  add(reason: string, count?: number): void;
  /** The count of each reason, in order of first use. */
  counts(): readonly (readonly [reason: string, count: number])[];
}

/** Creates an empty tally. */
export function createTally(): Tally {
  const countByReason = new Map<string, number>();
  return {
    add(reason, count = 1) {
      if (count > 0) countByReason.set(reason, (countByReason.get(reason) ?? 0) + count);
    },
    counts: () => [...countByReason],
  };
}
