import { readTextFile } from '../../files/read-text.ts';
import { parseList } from '../../tracker/lists/list-detect.ts';
import type { DiffCounts } from '../../tracker/lists/list-diff.ts';
import { countDiff, diffEntries } from '../../tracker/lists/list-diff.ts';
import { mergeEntries } from '../../tracker/lists/list-merge.ts';
import type { SnapshotEntry } from '../../tracker/snapshot/snapshot-file.ts';
import { openSnapshot } from './open-snapshot.ts';
import type { Setup } from '../setup.ts';

/** An entry as printed; unknown fields are null. */
export type PrintedEntry = Readonly<Record<keyof SnapshotEntry, string | null>>;

/** How two lists differ, as `snapshot diff` prints it. */
export interface SnapshotDiff {
  readonly counts: DiffCounts;
  readonly added: readonly PrintedEntry[];
  readonly removed: readonly PrintedEntry[];
  readonly changed: readonly { readonly from: PrintedEntry; readonly to: PrintedEntry }[];
}

/**
 * Compares two lists, each `installed`, `sample`, or a file that `snapshot import` reads. Rejects with `no-snapshot` if none is installed, and
 * with `input` and the file's name if a list cannot be read.
 */
export async function diffSnapshots(before: string, after: string, setup: Pick<Setup, 'io' | 'signal'>): Promise<SnapshotDiff> {
  const diff = diffEntries(await readEntries(before, setup), await readEntries(after, setup));
  return {
    counts: countDiff(diff),
    added: diff.added.map(toPrinted),
    removed: diff.removed.map(toPrinted),
    changed: diff.changed.map(({ from, to }) => ({ from: toPrinted(from), to: toPrinted(to) })),
  };
}

/** Merges duplicates, as an import does, so that a list equals its installed copy. */
async function readEntries(name: string, setup: Pick<Setup, 'io' | 'signal'>): Promise<readonly SnapshotEntry[]> {
  const isNamed = name === 'installed' || name === 'sample';
  const list = isNamed
    ? (await openSnapshot(name === 'sample' ? name : undefined, setup)).snapshot
    : parseList(await readTextFile(name, { signal: setup.signal }), name);
  return mergeEntries([list.entries]).entries;
}

function toPrinted({ url, covers, date, ip, family }: SnapshotEntry): PrintedEntry {
  return { url: url || null, covers, date: date || null, ip: ip || null, family: family || null };
}
