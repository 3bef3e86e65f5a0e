import { groupBy } from '../../core/group-by.ts';
import type { SnapshotEntry } from '../snapshot/snapshot-file.ts';
import { identityOf } from './list-merge.ts';

/** The difference between two lists. Each part is in the order of its list. */
export interface ListDiff {
  readonly added: readonly SnapshotEntry[];
  readonly removed: readonly SnapshotEntry[];
  /** Entries of the same place that differ in date, address or family. */
  readonly changed: readonly { readonly from: SnapshotEntry; readonly to: SnapshotEntry }[];
}

/** The number of entries in each part. */
export type DiffCounts = Readonly<Record<keyof ListDiff, number>>;

/** Compares two lists. If a place has several entries, equal ones are removed first, and the others compared in order. */
export function diffEntries(before: readonly SnapshotEntry[], after: readonly SnapshotEntry[]): ListDiff {
  const added: SnapshotEntry[] = [];
  const changed: { from: SnapshotEntry; to: SnapshotEntry }[] = [];
  const left = withoutEqual(before, after);
  // Reversed, so that entries can be popped in their original order.
  const leftOf = groupBy(left.toReversed(), identityOf);
  const matched = new Set<SnapshotEntry>();
  for (const to of withoutEqual(after, before)) {
    const from = leftOf.get(identityOf(to))?.pop();
    if (!from) {
      added.push(to);
      continue;
    }
    matched.add(from);
    changed.push({ from, to });
  }
  return { added, removed: left.filter((entry) => !matched.has(entry)), changed };
}

/** Counts the entries of each part. */
export function countDiff({ added, removed, changed }: ListDiff): DiffCounts {
  return { added: added.length, removed: removed.length, changed: changed.length };
}

/** The entries of one list without an equal entry in the other. Each entry of the other list cancels one. */
function withoutEqual(entries: readonly SnapshotEntry[], others: readonly SnapshotEntry[]): SnapshotEntry[] {
  const counts = new Map<string, number>();
  for (const other of others) counts.set(toText(other), (counts.get(toText(other)) ?? 0) + 1);
  return entries.filter((entry) => {
    const count = counts.get(toText(entry)) ?? 0;
    if (count > 0) counts.set(toText(entry), count - 1);
    return count === 0;
  });
}

function toText(entry: SnapshotEntry): string {
  return JSON.stringify([identityOf(entry), entry.date, entry.ip.trim(), entry.family]);
}
