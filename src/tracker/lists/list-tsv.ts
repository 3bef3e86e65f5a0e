import { CctError } from '../../core/errors.ts';
import type { AddNote, ListReading } from './list-reading.ts';
import { readRows, requireEntries } from './list-reading.ts';
import { parseListRow } from './list-row.ts';
import type { SnapshotEntry } from '../snapshot/snapshot-file.ts';

const TSV_COLUMNS = ['date', 'url', 'ip', 'family'] as const;
const TSV_HEADER = TSV_COLUMNS.join('\t');

/** Whether a line is the header of a tab-separated list. */
export function isTsvHeader(line: string): boolean {
  return line === TSV_HEADER;
}

/**
 * Parses the list as tab-separated text: the header `date url ip family`, then rows with dates as DD-MM-YYYY. A tab inside a cell is written
 * as the two characters `\t`. Throws `input` if the header differs or no row is valid.
 */
export function parseTsvList(text: string): ListReading {
  const [header = '', ...rows] = text.split(/\r?\n/);
  if (!isTsvHeader(header)) {
    throw new CctError('input', `line 1: expected the tab-separated header ${TSV_COLUMNS.join(', ')}`);
  }
  return requireEntries(readRows(numberRows(rows), parseTsvRow));
}

function* numberRows(rows: readonly string[]): Generator<[line: number, row: string]> {
  for (const [at, row] of rows.entries()) if (row !== '') yield [at + 2, row];
}

function parseTsvRow(row: string, addNote: AddNote): SnapshotEntry | null {
  const cells = row.split('\t').map((cell) => cell.replaceAll('\\t', '\t'));
  if (cells.length !== TSV_COLUMNS.length) {
    addNote('row-dropped', `expected ${TSV_COLUMNS.length} columns, found ${cells.length}`);
    return null;
  }
  const [date = '', url = '', ip = '', family = ''] = cells;
  return parseListRow({ date, url, ip, family }, addNote);
}
