import { CsvError, parse } from 'csv-parse/sync';
import { CctError } from '../../core/errors.ts';
import type { Observable } from '../../core/observable.ts';
import { detectType } from '../../text/extract.ts';
import { parseItem } from '../../core/item.ts';
import { refang } from '../../text/refang.ts';

export interface CsvOptions {
  readonly name: string;
  /** The column that holds the observables, their type detected; undefined for the columns `type` and `value`. */
  readonly column: string | undefined;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** Whether a line heads a csv with the columns `type` and `value`. */
export function isCsvHeader(line: string): boolean {
  const names = namesIn(line, delimiterOf(line));
  return names.includes('type') && names.includes('value');
}

function delimiterOf(header: string): string {
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function namesIn(header: string, delimiter: string): string[] {
  return header.split(delimiter).map((name) => toName(name.replace(/^\s*"|"\s*$/g, '')));
}

function toName(name: string): string {
  return name.trim().toLowerCase();
}

type CsvRow = Readonly<Record<string, string | undefined>>;

/**
 * Observables from csv with a header line, refanged, as many at a time as are at hand. Blank cells of `--column` are passed over. Throws
 * `input`, naming the line, after those before it.
 */
export async function* readCsv(
  blocks: AsyncIterable<string>,
  header: string,
  { name, column }: CsvOptions,
): AsyncGenerator<Observable[]> {
  let columns: string[] | ((names: string[]) => string[]) = (names) => (columns = toColumns(names, { name, column }));
  for await (const { text, firstNumber } of toWholeRecords(blocks, name)) {
    const observables: Observable[] = [];
    const take = (row: CsvRow, line: number) => {
      const observable =
        column === undefined ? toTyped(row, `${name}:${line}: observable`) : toDetected(row[toName(column)] ?? '');
      if (observable) observables.push(observable);
    };
    try {
      parse(text, {
        columns,
        delimiter: delimiterOf(header),
        relax_column_count: true,
        skip_empty_lines: true,
        trim: true,
        on_record: (row: CsvRow, { lines }) => take(row, lines + firstNumber - 1),
      });
    } catch (thrown) {
      yield observables;
      throw toBroken(thrown, name, firstNumber);
    }
    yield observables;
  }
}

function toColumns(names: readonly string[], { name, column }: CsvOptions): string[] {
  const found = names.map(toName);
  const wanted = column === undefined ? ['type', 'value'] : [toName(column)];
  const missing = wanted.find((needed) => !found.includes(needed));
  if (missing === undefined) return found;
  throw new CctError('input', `${name}:1: no column "${missing}" (there are: ${names.join(', ')})`);
}

function toBroken(thrown: unknown, name: string, firstNumber: number): unknown {
  if (!(thrown instanceof CsvError)) return thrown;
  const line = typeof thrown['lines'] === 'number' ? `:${thrown['lines'] + firstNumber - 1}` : '';
  return new CctError('input', `${name}${line}: invalid CSV (${thrown.code})`, { cause: thrown });
}

// A quote that is never closed would have the whole input wait for its end.
const MAX_RECORD_CHARACTERS = 16 * 1024 * 1024;

/**
 * Cuts blocks where a record ends, so that a row need not wait for the one after it. An even number of quotes before a line break means
 * that it stands outside of them; where that is wrong the csv is broken, and is told to be.
 */
async function* toWholeRecords(
  blocks: AsyncIterable<string>,
  name: string,
): AsyncGenerator<{ text: string; firstNumber: number }> {
  let held = '';
  let firstNumber = 1;
  let isQuoted = false;
  for await (const block of blocks) {
    let end = 0;
    let lineBreaks = 0;
    let lineBreaksToEnd = 0;
    for (const { 0: found, index } of block.matchAll(/["\n]/g)) {
      if (found === '"') isQuoted = !isQuoted;
      else lineBreaks += 1;
      if (found === '"' || isQuoted) continue;
      end = index + 1;
      lineBreaksToEnd = lineBreaks;
    }
    const text = held + block.slice(0, end);
    held = end === 0 ? held + block : block.slice(end);
    if (held.length > MAX_RECORD_CHARACTERS)
      throw new CctError('input', `${name}:${firstNumber}: invalid CSV (a record is longer than 16 MiB)`);
    if (end === 0) continue;
    yield { text, firstNumber };
    firstNumber += lineBreaksToEnd;
  }
  if (held !== '') yield { text: held, firstNumber };
}

function toTyped(row: CsvRow, place: string): Observable {
  const { type, value } = parseItem({ type: row['type']?.trim(), value: row['value'] }, place);
  return { type, value: refang(value) };
}

function toDetected(cell: string): Observable | undefined {
  const value = refang(cell.trim());
  // What is none of the known types still gets its row: skipped, and seen to be.
  return value === '' ? undefined : { type: detectType(value) ?? 'unknown', value };
}
