import { Readable, pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { CctError } from '../../core/errors.ts';
import type { Observable } from '../../core/observable.ts';
import { detectType } from './extract.ts';
import { parseItem } from '../../core/item.ts';
import { refang } from './refang.ts';

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

interface CsvRow {
  readonly info: { readonly lines: number };
  readonly record: Readonly<Record<string, string | undefined>>;
}

/** Observables from csv with a header line, refanged. Blank cells of `--column` are passed over. Throws `input`, naming the line. */
export async function* readCsv(
  blocks: AsyncIterable<string>,
  header: string,
  { name, column }: CsvOptions,
): AsyncGenerator<Observable> {
  const wanted = column === undefined ? ['type', 'value'] : [toName(column)];
  const columns = (names: string[]) => {
    const found = names.map(toName);
    const missing = wanted.find((needed) => !found.includes(needed));
    if (missing === undefined) return found;
    throw new CctError('input', `${name}:1: no column "${missing}" (there are: ${names.join(', ')})`);
  };
  const parser = parse({
    columns,
    delimiter: delimiterOf(header),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  const rows: AsyncIterable<CsvRow> = pipeline(Readable.from(blocks), parser, () => undefined);
  try {
    for await (const { record, info } of rows) {
      const observable =
        column === undefined ? toTyped(record, `${name}:${info.lines}: observable`) : toDetected(record[toName(column)] ?? '');
      if (observable) yield observable;
    }
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    const line = typeof thrown['lines'] === 'number' ? `:${thrown['lines']}` : '';
    throw new CctError('input', `${name}${line}: broken csv (${thrown.code})`, { cause: thrown });
  }
}

function toTyped(record: CsvRow['record'], place: string): Observable {
  const { type, value } = parseItem({ type: record['type']?.trim(), value: record['value'] }, place);
  return { type, value: refang(value) };
}

function toDetected(cell: string): Observable | undefined {
  const value = refang(cell.trim());
  // What is none of the known types still gets its row: skipped, and seen to be.
  return value === '' ? undefined : { type: detectType(value) ?? 'unknown', value };
}
