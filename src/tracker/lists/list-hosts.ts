import { CsvError, parse } from 'csv-parse/sync';
import { CctError } from '../../core/errors.ts';
import { parseAuthority, normaliseHost } from '../../core/observables/host.ts';
import { toSchemeless } from '../../core/observables/observable.ts';
import type { AddNote, ListReading } from './list-reading.ts';
import { readRows, requireEntries } from './list-reading.ts';
import type { SnapshotEntry } from '../snapshot/snapshot-file.ts';
import { toQuoted } from '../snapshot/snapshot-file.ts';
import { isDay } from '../../core/day.ts';

const HEADER = ['domain', 'malware', 'date added', 'source'].join();

/** Whether a line is the header of a host list, `Domain,Malware,Date added,Source`, in any case. */
export function isHostsHeader(line: string): boolean {
  return line.trim().toLowerCase() === HEADER;
}

interface CsvRow {
  readonly info: { readonly lines: number };
  readonly record: readonly string[];
}

/**
 * Parses a host list in CSV, as blackbook publishes it: `Domain,Malware,Date added,Source`, dates as YYYY-MM-DD. Entries cover all URLs on
 * their hosts. Trims cells. Throws `input` if the CSV or all rows are invalid.
 */
export function parseHostList(text: string): ListReading {
  return requireEntries(readRows(numberRows(parseCsv(text)), parseHostRow));
}

function parseCsv(text: string): readonly CsvRow[] {
  try {
    const options = { bom: true, from: 2, info: true, relax_column_count: true, skip_empty_lines: true, trim: true } as const;
    // The library's types lack rows with `info`.
    return parse(text, options) as unknown as readonly CsvRow[];
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    const line = typeof thrown['lines'] === 'number' ? `line ${thrown['lines']}: ` : '';
    throw new CctError('input', `${line}invalid CSV (${thrown.code})`, { cause: thrown });
  }
}

function* numberRows(rows: readonly CsvRow[]): Generator<[line: number, cells: readonly string[]]> {
  for (const { info, record } of rows) yield [info.lines, record];
}

function parseHostRow(cells: readonly string[], addNote: AddNote): SnapshotEntry | null {
  if (cells.length < 3) {
    addNote('row-dropped', `expected 4 columns, found ${cells.length}`);
    return null;
  }
  const [domain = '', family = '', date = ''] = cells;
  const url = toSchemeless(domain);
  const { host, rest } = parseAuthority(url);
  // Reading a URL as a host would list a whole site because of one page.
  if (rest !== '' || normaliseHost(host) === null) {
    addNote('row-dropped', `not a host: ${toQuoted(domain)}`);
    return null;
  }
  return { date: parseDay(date, addNote), covers: 'host', url, ip: '', family };
}

const NO_DATE = '1970-01-01';

function parseDay(text: string, addNote: AddNote): string {
  if (text === NO_DATE) return '';
  if (isDay(text)) return text;
  addNote('date-unknown', `not a YYYY-MM-DD date: ${toQuoted(text)}`);
  return '';
}
