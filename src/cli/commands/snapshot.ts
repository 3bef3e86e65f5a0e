import { basename } from 'node:path';
import { CctError } from '../../core/errors.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import type { ListReading } from '../../tracker/list-formats.ts';
import { countNotes, parseTsvList, toNewestDate } from '../../tracker/list-formats.ts';
import type { Snapshot } from '../../tracker/snapshot-file.ts';
import { isDay, isSnapshotText } from '../../tracker/snapshot-file.ts';
import { installSnapshot, readTextFile } from '../../tracker/snapshot-store.ts';
import { installedPath, openSnapshot } from '../open-snapshot.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';

/**
 * `cct snapshot import FILE`: makes a list the installed snapshot. Its date is `--date`, else that of its newest entry. What could
 * not be used is counted on stderr, and named with `-v`.
 */
export async function runSnapshotImport(session: Session, file: string, date: string | undefined): Promise<number> {
  if (date !== undefined && !isDay(date))
    throw new CctError('usage', `--date: expected a day as YYYY-MM-DD, got ${JSON.stringify(date)}`);
  const { io, talk } = session;
  const text = await readTextFile(file);
  const reading = parseNamed(text, file);
  const snapshot: Snapshot = {
    date: date ?? dateOf(reading, file),
    origin: basename(file),
    entries: reading.entries,
  };
  const path = installedPath(io);
  await installSnapshot(path, snapshot);
  tellNotes(session, reading);
  talk.note(`${snapshot.entries.length} entries are installed; --offline asks them`);
  return printSnapshot(session, snapshot, path);
}

function parseNamed(text: string, file: string): ListReading {
  if (isSnapshotText(text)) throw new CctError('input', `${file} is a snapshot already: use it with --snapshot ${file}`);
  try {
    return parseTsvList(text);
  } catch (thrown) {
    if (thrown instanceof CctError) throw new CctError(thrown.code, `${file}: ${thrown.message}`, { cause: thrown });
    throw thrown;
  }
}

function dateOf({ entries }: ListReading, file: string): string {
  const newest = toNewestDate(entries);
  if (newest === '') throw new CctError('usage', `${file}: no entry has a date: say how old the list is with --date YYYY-MM-DD`);
  return newest;
}

function tellNotes({ talk }: Session, { notes }: ListReading): void {
  const counts = countNotes(notes);
  talk.note(
    `not usable: ${counts['row-dropped']} rows dropped · ${counts['address-ignored']} addresses ignored · ` +
      `${counts['address-private']} private addresses never matched · ${counts['date-unknown']} dates unknown`,
  );
  for (const { line, kind, detail } of notes) talk.detail(`line ${line}: ${kind}: ${detail}`);
}

/** `cct snapshot info`: what the installed snapshot, or the one named by `--snapshot`, holds. */
export async function runSnapshotInfo(session: Session): Promise<number> {
  const { snapshot, path, note } = await openSnapshot(session.config.snapshot, session.io);
  if (note !== null) session.talk.note(note);
  return printSnapshot(session, snapshot, path);
}

async function printSnapshot({ stdout }: Session, { date, origin, entries }: Snapshot, path: string | null): Promise<number> {
  // The tracker writes one family in several cases (`ZeuS`, `Zeus`): these are one.
  const families = new Set(entries.map(({ family }) => family.toLowerCase()).filter((family) => family !== ''));
  const facts = { date, origin, entries: entries.length, families: families.size, path };
  return (await stdout.write(`${toSafeJson(facts, 2)}\n`)) ? 0 : CLOSED_PIPE_STATUS;
}
