import { toAmount } from '../core/amount.ts';
import { toSafeJson } from '../core/safe-text.ts';
import type { ListNote, NoteKind } from '../tracker/lists/list-reading.ts';
import { countNotes, toNewestDate } from '../tracker/lists/list-reading.ts';
import type { Snapshot, SnapshotEntry } from '../tracker/snapshot/snapshot-file.ts';
import type { Session } from './session.ts';
import { CLOSED_PIPE_STATUS } from './session.ts';

const IGNORED: readonly (readonly [kind: NoteKind, one: string, many: string])[] = [
  ['row-dropped', 'invalid row', 'invalid rows'],
  ['address-ignored', 'invalid address', 'invalid addresses'],
  ['address-private', 'private address', 'private addresses'],
  ['date-unknown', 'invalid date', 'invalid dates'],
];

/** What comes before a note's detail; `address-private` has it in the detail. */
const LABELS: Readonly<Record<NoteKind, string>> = {
  'row-dropped': 'row ignored: ',
  'address-ignored': 'address ignored: ',
  'address-private': '',
  'date-unknown': 'date ignored: ',
};

/** Reports on stderr what of a list was ignored, with `-v` each case, and how many entries were merged. */
export function tellNotUsable({ talk }: Session, notes: readonly ListNote[], mergedCount: number): void {
  const counts = countNotes(notes);
  const ignored = IGNORED.filter(([kind]) => counts[kind] > 0).map(([kind, one, many]) => toAmount(counts[kind], one, many));
  if (ignored.length > 0) talk.note(`ignored: ${ignored.join(', ')}`);
  for (const { file, line, kind, detail } of notes) {
    talk.detail(`${file === undefined ? '' : `${file}: `}line ${line}: ${LABELS[kind]}${detail}`);
  }
  if (mergedCount > 0) talk.note(`merged: ${toAmount(mergedCount, 'duplicate entry', 'duplicate entries')}`);
}

/** Prints what a snapshot holds as JSON on stdout; `path` is null for one that is built in. Resolves to the exit status. */
export async function printSnapshot(
  { stdout }: Session,
  { date, origin, entries }: Snapshot,
  path: string | null,
): Promise<number> {
  // The tracker writes one family in several cases (`ZeuS`, `Zeus`): these are one.
  const families = new Set(entries.map(({ family }) => family.toLowerCase()).filter((family) => family !== ''));
  const facts = {
    date,
    origin,
    entries: entries.length,
    families: families.size,
    first_listed: toOldestDate(entries),
    last_listed: toNewestDate(entries) || null,
    path,
  };
  return (await stdout.write(`${toSafeJson(facts, 2)}\n`)) ? 0 : CLOSED_PIPE_STATUS;
}

/** The oldest date among the entries; null when none is dated. */
function toOldestDate(entries: readonly SnapshotEntry[]): string | null {
  return entries.reduce<string | null>(
    (oldest, { date }) => (date !== '' && (oldest === null || date < oldest) ? date : oldest),
    null,
  );
}
