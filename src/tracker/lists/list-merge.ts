import { groupBy } from '../../core/group-by.ts';
import type { SnapshotEntry } from '../snapshot/snapshot-file.ts';

/** Entries without duplicates, and the number of duplicates. */
export interface Merged {
  readonly entries: readonly SnapshotEntry[];
  readonly mergedCount: number;
}

// No real list has more entries of one place. Comparing all entries of a hostile list would take hours.
const MAX_COMPARED = 20;

/**
 * Combines the entries of all lists, in order, without duplicates. Merges entries of the same place unless their dates, addresses or
 * families (ignoring case) contradict each other. The first entry is kept, and its missing fields are filled in from the others.
 */
export function mergeEntries(lists: readonly (readonly SnapshotEntry[])[]): Merged {
  const entries: SnapshotEntry[] = [];
  const placesOf = new Map<string, number[]>();
  let mergedCount = 0;
  for (const list of lists) {
    for (const entry of list) {
      const identity = identityOf(entry);
      const places = placesOf.get(identity);
      const place = places?.find((at) => isSame(entries[at] ?? entry, entry));
      if (place !== undefined) {
        entries[place] = joinFacts(entries[place] ?? entry, entry);
        mergedCount += 1;
        continue;
      }
      if (!places) placesOf.set(identity, [entries.length]);
      else if (places.length < MAX_COMPARED) places.push(entries.length);
      entries.push(entry);
    }
  }
  return { entries, mergedCount };
}

/**
 * Completes a list that has only urls with the entries of an older list for the same urls. Appends the older entries without a url, which
 * the new list cannot contain.
 */
export function carryFactsOver(list: readonly SnapshotEntry[], older: readonly SnapshotEntry[]): SnapshotEntry[] {
  const known = groupBy(older, identityOf);
  const carried = list.flatMap((entry) => known.get(identityOf(entry)) ?? [entry]);
  return [...carried, ...older.filter(({ url }) => url.trim() === '')];
}

/** Identifies the place of an entry: the url, ignoring the case of its host, else the address. */
export function identityOf({ covers, url, ip }: SnapshotEntry): string {
  const trimmed = url.trim();
  if (trimmed === '') return `${covers} @${ip.trim()}`;
  const end = trimmed.search(/[/\\?#]/);
  const host = end === -1 ? trimmed : trimmed.slice(0, end);
  return `${covers} ${host.toLowerCase()}${trimmed.slice(host.length)}`;
}

function isSame(one: SnapshotEntry, other: SnapshotEntry): boolean {
  if (!agree(one.date, other.date) || !agree(one.ip, other.ip)) return false;
  return agree(one.family, other.family) || one.family.toLowerCase() === other.family.toLowerCase();
}

function agree(one: string, other: string): boolean {
  return one === other || one === '' || other === '';
}

function joinFacts(first: SnapshotEntry, second: SnapshotEntry): SnapshotEntry {
  return {
    ...first,
    date: first.date || second.date,
    ip: first.ip || second.ip,
    family: first.family || second.family,
  };
}
