import { toSafeJson } from '../core/safe-text.ts';
import type { ListNote } from '../tracker/list-reading.ts';
import { countNotes, toNewestDate } from '../tracker/list-reading.ts';
import type { Snapshot, SnapshotEntry } from '../tracker/snapshot-file.ts';
import type { Session } from './session.ts';
import { CLOSED_PIPE_STATUS } from './session.ts';

/** Says on stderr how much of a list was not usable, with `-v` each of it, and how many entries were the same as others. */
export function tellNotUsable({ talk }: Session, notes: readonly ListNote[], mergedCount: number): void {
  const counts = countNotes(notes);
  talk.note(
    `not usable: ${counts['row-dropped']} rows dropped · ${counts['address-ignored']} addresses ignored · ` +
      `${counts['address-private']} private addresses never matched · ${counts['date-unknown']} dates not understood`,
  );
  for (const { file, line, kind, detail } of notes) {
    talk.detail(`${file === undefined ? '' : `${file}: `}line ${line}: ${kind}: ${detail}`);
  }
  if (mergedCount > 0) talk.note(`${mergedCount} entries were the same as others: each is there once`);
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
