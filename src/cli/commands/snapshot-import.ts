import { basename } from 'node:path';
import { toAmount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import { readTextFile } from '../../files/read-text.ts';
import { parseList } from '../../tracker/lists/list-detect.ts';
import { mergeEntries } from '../../tracker/lists/list-merge.ts';
import type { ListReading } from '../../tracker/lists/list-reading.ts';
import { toNewestDate } from '../../tracker/lists/list-reading.ts';
import type { Snapshot } from '../../tracker/snapshot/snapshot-file.ts';
import { isDay } from '../../tracker/snapshot/snapshot-file.ts';
import { installSnapshot } from '../../tracker/snapshot/snapshot-store.ts';
import { installedPath, openInstalled } from '../../wiring/open-snapshot.ts';
import type { Session } from '../session.ts';
import { printSnapshot, tellNotUsable } from '../snapshot-facts.ts';

export interface ImportWishes {
  /** The day of the list, as given. */
  readonly date?: string;
  /** Adds to the installed snapshot, instead of replacing it. */
  readonly merge?: boolean;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A list that is to be part of the new snapshot, and where it comes from. */
interface Part extends ListReading {
  readonly origin: string;
}

/**
 * `cct snapshot import FILE...`: makes lists the installed snapshot, or adds them to it. Its date is `--date`, else the newest that is
 * known of any of them. What could not be used is counted on stderr, and named with `-v`.
 */
export async function runSnapshotImport(session: Session, files: readonly string[], wishes: ImportWishes): Promise<number> {
  const { date, merge = false } = wishes;
  if (date !== undefined && !isDay(date))
    throw new CctError('usage', `--date: expected a day as YYYY-MM-DD, got ${JSON.stringify(date)}`);
  const { io, talk, signal } = session;
  if (date !== undefined && date > toTomorrow(io.now()))
    throw new CctError('usage', `--date: ${date} is in the future; pass the day on which the list was made`);
  const path = installedPath(io);
  const parts = merge ? await readInstalled(session, path) : [];
  for (const file of files) parts.push(await readPart(file, files.length > 1));
  const { entries, mergedCount } = mergeEntries(parts.map((part) => part.entries));
  const snapshot: Snapshot = { date: date ?? dateOf(parts, files), origin: toOrigin(parts), entries };
  await installSnapshot(path, snapshot, { signal, now: io.now() });
  tellNotUsable(
    session,
    parts.flatMap(({ notes }) => notes),
    mergedCount,
  );
  talk.note(`${toAmount(entries.length, 'entry', 'entries')} installed; use --offline to query them`);
  return printSnapshot(session, snapshot, path);
}

/** The UTC day after a moment, which is the latest local day on earth. */
function toTomorrow(now: Date): string {
  return new Date(now.getTime() + DAY_MS).toISOString().slice(0, 10);
}

async function readInstalled({ talk }: Session, path: string): Promise<Part[]> {
  const installed = await openInstalled(path);
  if (installed) return [{ ...installed, notes: [] }];
  talk.note('there is no installed snapshot to add to: this is the first one');
  return [];
}

async function readPart(file: string, isOneOfSeveral: boolean): Promise<Part> {
  const reading = parseList(await readTextFile(file), file);
  const notes = isOneOfSeveral ? reading.notes.map((note) => ({ ...note, file })) : reading.notes;
  return { ...reading, notes, origin: reading.origin ?? basename(file) };
}

function dateOf(parts: readonly Part[], files: readonly string[]): string {
  const dates = parts.map(({ date, entries }) => date ?? toNewestDate(entries));
  const newest = dates.reduce((one, other) => (other > one ? other : one), '');
  if (newest !== '') return newest;
  throw new CctError('usage', `${files.join(', ')}: no entry has a date; pass --date YYYY-MM-DD`);
}

const BETWEEN_ORIGINS = ' + ';

/** The names of all lists, each once, however often one was added. */
function toOrigin(parts: readonly Part[]): string {
  return [...new Set(parts.flatMap(({ origin }) => origin.split(BETWEEN_ORIGINS)))].join(BETWEEN_ORIGINS);
}
