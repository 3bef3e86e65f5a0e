import type { SnapshotEntry } from '../snapshot/snapshot-file.ts';

/** Entries without duplicates, and how many of them went into others. */
export interface Merged {
  readonly entries: readonly SnapshotEntry[];
  readonly mergedCount: number;
}

// More entries about one place than any real list has; the rest of them stay apart, or a hostile list would take hours.
const MOST_COMPARED = 20;

/**
 * The entries of all lists, in their order, without duplicates. Two entries are one when they are about the same place and no fact of them
 * (date, address, family) is another one in the other: the first keeps its place and takes the facts that it lacks. Entries that
 * contradict each other stay both. The tracker writes one family in several cases, which are the same.
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
      else if (places.length < MOST_COMPARED) places.push(entries.length);
      entries.push(entry);
    }
  }
  return { entries, mergedCount };
}

/**
 * A list that has urls only, each once, with what an older list knew of the same urls. Where that has several entries about one url, all
 * of them are in the result. Its entries without a url, which such a list cannot hold, are kept at the end.
 */
export function carryFactsOver(list: readonly SnapshotEntry[], older: readonly SnapshotEntry[]): SnapshotEntry[] {
  const known = new Map<string, SnapshotEntry[]>();
  for (const entry of older) {
    const identity = identityOf(entry);
    const same = known.get(identity);
    if (same) same.push(entry);
    else known.set(identity, [entry]);
  }
  const carried = list.flatMap((entry) => known.get(identityOf(entry)) ?? [entry]);
  return [...carried, ...older.filter(({ url }) => url.trim() === '')];
}

/** The number of entries whose place is in no entry of another list. */
export function countMissing(entries: readonly SnapshotEntry[], other: readonly SnapshotEntry[]): number {
  const places = new Set(other.map(identityOf));
  return entries.filter((entry) => !places.has(identityOf(entry))).length;
}

/** Equal for two entries exactly when they are about the same place: the url, its host in any case, or the address where there is none. */
function identityOf({ covers, url, ip }: SnapshotEntry): string {
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
