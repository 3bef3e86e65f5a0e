import { toAmount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import type { SnapshotEntry } from '../snapshot/snapshot-file.ts';

/**
 * A problem in a list. `row-dropped`: the row is ignored. `address-ignored`: its address is ignored. `address-private`: its address is kept,
 * but never matched. `date-unknown`: it has no date.
 */
export type NoteKind = 'row-dropped' | 'address-ignored' | 'address-private' | 'date-unknown';

/** A problem in a list and its place. `line` counts from 1, including the header. */
export interface ListNote {
  /** Only if there are several files or pages. */
  readonly file?: string;
  readonly line: number;
  readonly kind: NoteKind;
  /** For a note; text from the list is quoted and safe to print. */
  readonly detail: string;
}

/** A parsed list: its entries and problems, in order. */
export interface ListReading {
  readonly entries: readonly SnapshotEntry[];
  readonly notes: readonly ListNote[];
  /** The date of the list, `YYYY-MM-DD`, if the list states it. */
  readonly date?: string;
  /** The origin that a snapshot states. */
  readonly origin?: string;
}

/** Records a problem of the current row. */
export type AddNote = (kind: NoteKind, detail: string) => void;

/** The maximum number of rows. The tracker's list has about 20,000. */
export const MAX_ENTRIES = 2_000_000;

/** Parses rows with their line numbers. `parse` returns null for a dropped row. Throws `input` for too many rows. */
export function readRows<Row>(
  rows: Iterable<readonly [line: number, row: Row]>,
  parse: (row: Row, addNote: AddNote) => SnapshotEntry | null,
): ListReading {
  const entries: SnapshotEntry[] = [];
  const notes: ListNote[] = [];
  for (const [line, row] of rows) {
    const entry = parse(row, (kind, detail) => notes.push({ line, kind, detail }));
    if (entry) entries.push(entry);
    if (entries.length + notes.length > MAX_ENTRIES) {
      throw new CctError('input', `the list has more than ${toAmount(MAX_ENTRIES, 'row')}`);
    }
  }
  return { entries, notes };
}

/** Returns the list; throws `input` if it has no valid row. */
export function requireEntries(reading: ListReading): ListReading {
  const { entries, notes } = reading;
  if (entries.length === 0) {
    const dropped = countNotes(notes)['row-dropped'];
    throw new CctError('input', `no valid rows${dropped === 0 ? '' : ` (ignored: ${toAmount(dropped, 'invalid row')})`}`);
  }
  return reading;
}

/** The number of notes of each kind. */
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

/** The newest date of entries up to `until`, `YYYY-MM-DD`; '' if there is none. */
export function toNewestDate(entries: readonly SnapshotEntry[], until = '9999-12-31'): string {
  return entries.reduce((newest, { date }) => (date > newest && date <= until ? date : newest), '');
}
