import { isIpv4, isPrivateHost } from '../core/host.ts';
import { CctError } from '../core/errors.ts';
import { toSchemeless } from '../core/observable.ts';
import type { SnapshotEntry } from './snapshot-file.ts';
import { isDay, toQuoted } from './snapshot-file.ts';

/**
 * What was not usable in a list. `row-dropped`: the row is not in the snapshot. `address-ignored`: the row is, without its
 * address. `address-private`: the row is, with its address, which is never matched. `date-unknown`: the row is, undated.
 */
export type NoteKind = 'row-dropped' | 'address-ignored' | 'address-private' | 'date-unknown';

/** One thing in a list that was not usable: where, and why. `line` counts from 1, the header line included. */
export interface ListNote {
  readonly line: number;
  readonly kind: NoteKind;
  /** For people; what comes from the list is quoted and safe to print. */
  readonly detail: string;
}

/** A list as it was read: its entries in its own order, and all that was not usable, in the order of lines. */
export interface ListReading {
  readonly entries: readonly SnapshotEntry[];
  readonly notes: readonly ListNote[];
}

type AddNote = (kind: NoteKind, detail: string) => void;

const TSV_COLUMNS = ['date', 'url', 'ip', 'family'] as const;
const TSV_HEADER = TSV_COLUMNS.join('\t');

/**
 * Reads the tracker's list as tab-separated text: a header line `date url ip family`, then one row a line with dates as
 * DD-MM-YYYY; a tab inside a cell is written as the two characters `\t`. Cells are trimmed, a leading `scheme://` is cut,
 * all else in a url stays byte for byte. Rejects with `input` when the header is another one or no row is usable.
 */
export function parseTsvList(text: string): ListReading {
  const [header = '', ...rows] = text.split(/\r?\n/);
  if (header !== TSV_HEADER) {
    throw new CctError('input', `line 1: expected the header of a list, ${TSV_COLUMNS.join(', ')} with tabs between them`);
  }
  const entries: SnapshotEntry[] = [];
  const notes: ListNote[] = [];
  for (const [at, row] of rows.entries()) {
    if (row === '') continue;
    const line = at + 2;
    const entry = parseTsvRow(row, (kind, detail) => notes.push({ line, kind, detail }));
    if (entry) entries.push(entry);
  }
  if (entries.length === 0) throw new CctError('input', `the list holds no usable row (${notes.length} not usable)`);
  return { entries, notes };
}

/** How many notes there are of each kind. */
export function countNotes(notes: readonly ListNote[]): Record<NoteKind, number> {
  const counts: Record<NoteKind, number> = {
    'row-dropped': 0,
    'address-ignored': 0,
    'address-private': 0,
    'date-unknown': 0,
  };
  for (const { kind } of notes) counts[kind] += 1;
  return counts;
}

/** The newest date among the entries, `YYYY-MM-DD`; '' when none is dated. */
export function toNewestDate(entries: readonly SnapshotEntry[]): string {
  return entries.reduce((newest, { date }) => (date > newest ? date : newest), '');
}

function parseTsvRow(row: string, addNote: AddNote): SnapshotEntry | null {
  const cells = row.split('\t').map((cell) => cell.replaceAll('\\t', '\t').trim());
  if (cells.length !== TSV_COLUMNS.length) {
    addNote('row-dropped', `expected ${TSV_COLUMNS.length} columns, found ${cells.length}`);
    return null;
  }
  const [date = '', givenUrl = '', givenIp = '', family = ''] = cells;
  const url = toSchemeless(givenUrl);
  const ip = parseAddress(givenIp, addNote);
  if (url === '' && ip === '') {
    addNote('row-dropped', `neither a url nor an address, family ${toQuoted(family)}`);
    return null;
  }
  return { date: parseListDate(date, addNote), covers: 'url', url, ip, family };
}

/** The address of a row, or '' when it has none that can be used. */
function parseAddress(text: string, addNote: AddNote): string {
  if (text === '') return '';
  if (!isIpv4(text)) {
    addNote('address-ignored', `not an IPv4 address: ${toQuoted(text)}`);
    return '';
  }
  if (isPrivateHost(text)) addNote('address-private', `a private address, never matched: ${text}`);
  return text;
}

// What the tracker shows for a row that it has no date for.
const NO_DATE = '01-01-1970';

function parseListDate(text: string, addNote: AddNote): string {
  if (text === NO_DATE) return '';
  const day = `${text.slice(6)}-${text.slice(3, 5)}-${text.slice(0, 2)}`;
  if (/^\d\d-\d\d-\d{4}$/.test(text) && isDay(day)) return day;
  addNote('date-unknown', `not a date as DD-MM-YYYY: ${toQuoted(text)}`);
  return '';
}
