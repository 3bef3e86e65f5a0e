import { basename } from 'node:path';
import { isDay, toLatestDay } from '../../core/day.ts';
import { CctError } from '../../core/errors.ts';
import { readTextFile } from '../../files/read-text.ts';
import { parseList } from '../../tracker/lists/list-detect.ts';
import { mergeEntries } from '../../tracker/lists/list-merge.ts';
import type { ListNote, ListReading, NoteKind } from '../../tracker/lists/list-reading.ts';
import { countNotes, toNewestDate } from '../../tracker/lists/list-reading.ts';
import type { Snapshot } from '../../tracker/snapshot/snapshot-file.ts';
import { installSnapshot } from '../../tracker/snapshot/snapshot-store.ts';
import { installedPath, openInstalled } from './open-snapshot.ts';
import type { Notices, Setup } from '../setup.ts';

/** An installed snapshot, and what was ignored in its lists. */
export interface InstalledSnapshot {
  readonly snapshot: Snapshot;
  readonly path: string;
  readonly notes: readonly ListNote[];
  /** The number of ignored values by kind. */
  readonly ignored: Readonly<Record<NoteKind, number>>;
  /** The number of duplicate entries. */
  readonly mergedCount: number;
}

export interface ImportOptions {
  /** The day of the lists, as given. Default: the newest known date. */
  readonly date?: string;
  /** Adds to the installed snapshot instead of replacing it. */
  readonly merge?: boolean;
}

/** What a command needs in addition to settings. */
export interface Running {
  readonly notices: Notices;
  readonly signal: AbortSignal;
}

/** A list that becomes part of the new snapshot, and its origin. */
interface Part extends ListReading {
  readonly origin: string;
}

/** Installs lists from files as one snapshot. Rejects with `usage` for an invalid date, and with `input` or `output` for files. */
export async function importSnapshot(
  { io }: Pick<Setup, 'io'>,
  files: readonly string[],
  { date, merge = false }: ImportOptions,
  { notices, signal }: Running,
): Promise<InstalledSnapshot> {
  const today = toLatestDay(io.now());
  if (date !== undefined) refuseDate(date, today);
  const path = installedPath(io);
  const parts = merge ? await readInstalled(path, notices) : [];
  for (const file of files) parts.push(await readPart(file, { isOneOfSeveral: files.length > 1, signal }));
  const { entries, mergedCount } = mergeEntries(parts.map((part) => part.entries));
  const snapshot: Snapshot = { date: date ?? dateOf(parts, files, today), origin: toOrigin(parts), entries };
  await installSnapshot(path, snapshot, { signal, now: io.now() });
  const notes = parts.flatMap((part) => part.notes);
  return { snapshot, path, notes, ignored: countNotes(notes), mergedCount };
}

function refuseDate(date: string, today: string): void {
  if (!isDay(date)) throw new CctError('usage', `--date: expected a day as YYYY-MM-DD, got ${JSON.stringify(date)}`);
  if (date <= today) return;
  throw new CctError('usage', `--date: ${date} is in the future; pass the day on which the list was made`);
}

async function readInstalled(path: string, notices: Notices): Promise<Part[]> {
  const installed = await openInstalled(path);
  if (installed) return [{ ...installed, notes: [] }];
  notices.note('no snapshot is installed to add to: this is the first one');
  return [];
}

async function readPart(
  file: string,
  { isOneOfSeveral, signal }: { readonly isOneOfSeveral: boolean; readonly signal: AbortSignal },
): Promise<Part> {
  const reading = parseList(await readTextFile(file, { signal }), file);
  const notes = isOneOfSeveral ? reading.notes.map((note) => ({ ...note, file })) : reading.notes;
  return { ...reading, notes, origin: reading.origin ?? basename(file) };
}

/** The newest date that is not in the future. A future date would hide the age of the list. */
function dateOf(parts: readonly Part[], files: readonly string[], today: string): string {
  const dates = parts.map(({ date, entries }) => (date !== undefined && date <= today ? date : toNewestDate(entries, today)));
  const newest = dates.reduce((one, other) => (other > one ? other : one), '');
  if (newest !== '') return newest;
  throw new CctError('usage', `${files.join(', ')}: no entry has a date up to today; pass --date YYYY-MM-DD`);
}

const BETWEEN_ORIGINS = ' + ';

/** The distinct names of all lists. */
function toOrigin(parts: readonly Part[]): string {
  return [...new Set(parts.flatMap(({ origin }) => origin.split(BETWEEN_ORIGINS)))].join(BETWEEN_ORIGINS);
}
