import { toAmount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import type { SnapshotEntry } from '../snapshot/snapshot-file.ts';

/**
 * What was not usable in a list. `row-dropped`: the row is not in the snapshot. `address-ignored`: the row is, without its
 * address. `address-private`: the row is, with its address, which is never matched. `date-unknown`: the row is, undated.
 */
export type NoteKind = 'row-dropped' | 'address-ignored' | 'address-private' | 'date-unknown';

/** One thing in a list that was not usable: where, and why. `line` counts from 1, the header line included. */
export interface ListNote {
  /** The file or page, where there are several. */
  readonly file?: string;
  readonly line: number;
  readonly kind: NoteKind;
  /** For people; what comes from the list is quoted and safe to print. */
  readonly detail: string;
}

/** A list as it was read: its entries in its own order, and all that was not usable, in the order of lines. */
export interface ListReading {
  readonly entries: readonly SnapshotEntry[];
  readonly notes: readonly ListNote[];
  /** The day of the list, `YYYY-MM-DD`, where it names one itself. */
  readonly date?: string;
  /** Where it came from, as the list itself says; only a snapshot does. */
  readonly origin?: string;
}

/** Takes what is not usable in the row at hand. */
export type AddNote = (kind: NoteKind, detail: string) => void;

/** A list of rows, each with its line, read one by one; `parse` gives null for a row that is dropped. */
export function readRows<Row>(
  rows: Iterable<readonly [line: number, row: Row]>,
  parse: (row: Row, addNote: AddNote) => SnapshotEntry | null,
): ListReading {
  const entries: SnapshotEntry[] = [];
  const notes: ListNote[] = [];
  for (const [line, row] of rows) {
    const entry = parse(row, (kind, detail) => notes.push({ line, kind, detail }));
    if (entry) entries.push(entry);
  }
  return { entries, notes };
}

/** The list itself; rejects with `input` when no row of it is usable. */
export function requireEntries(reading: ListReading): ListReading {
  const { entries, notes } = reading;
  if (entries.length === 0) {
    const dropped = countNotes(notes)['row-dropped'];
    throw new CctError(
      'input',
      `the list has no valid rows${dropped === 0 ? '' : ` (ignored: ${toAmount(dropped, 'invalid row')})`}`,
    );
  }
  return reading;
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
