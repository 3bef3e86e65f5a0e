import { promisify } from 'node:util';
import { CsvError, parse } from 'csv-parse';
import { CctError } from '../../core/errors.ts';
import type { Observable } from '../../core/observable.ts';
import { detectType } from '../../text/extract.ts';
import { parseItem } from '../../core/item.ts';
import { refang } from '../../text/refang.ts';

export interface CsvOptions {
  readonly name: string;
  /** The column with the observables, whose types are detected; undefined for the columns `type` and `value`. */
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

// A quote that is never closed would make the whole input one record.
const MAX_RECORD_BYTES = 16 * 1024 * 1024;
// The parser holds back the last three bytes, and a row with them; it trims blanks.
const BLANKS = '   ';

/**
 * Reads CSV with a header line and yields refanged observables, one batch for each block of lines. Skips blank cells of `--column`. Throws
 * `input`, naming the line, after yielding the observables before it.
 */
export async function* readCsv(
  blocks: AsyncIterable<readonly string[]>,
  header: string,
  { name, column }: CsvOptions,
): AsyncGenerator<Observable[]> {
  const observables: Observable[] = [];
  const parser = parse({
    columns: (names: string[]) => toColumns(names, { name, column }),
    delimiter: delimiterOf(header),
    max_record_size: MAX_RECORD_BYTES,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    on_record: (row: CsvRow, { lines }) => {
      const observable =
        column === undefined ? toTyped(row, `${name}:${lines}: observable`) : toDetected(row[toName(column)] ?? '');
      if (observable) observables.push(observable);
    },
  });
  // An error is passed to the callback of the write, too.
  parser.on('error', () => undefined);
  const write = promisify((text: string, callback: (error?: Error | null) => void) => parser.write(text, callback));
  const end = promisify((callback: (error?: Error | null) => void) => parser.end(callback));
  try {
    let quotes = 0;
    for await (const lines of blocks) {
      const text = `${lines.join('\n')}\n`;
      quotes += text.split('"').length - 1;
      const isRowOver = quotes % 2 === 0;
      await write(isRowOver ? text + BLANKS : text);
      yield observables.splice(0);
    }
    await end();
    yield observables;
  } catch (thrown) {
    yield observables;
    throw toBroken(thrown, name);
  }
}

function toColumns(names: readonly string[], { name, column }: CsvOptions): string[] {
  const found = names.map(toName);
  const wanted = column === undefined ? ['type', 'value'] : [toName(column)];
  const missing = wanted.find((needed) => !found.includes(needed));
  if (missing === undefined) return found;
  throw new CctError('input', `${name}:1: no column "${missing}" (there are: ${names.join(', ')})`);
}

function toBroken(thrown: unknown, name: string): unknown {
  if (!(thrown instanceof CsvError)) return thrown;
  const line = typeof thrown['lines'] === 'number' ? `:${thrown['lines']}` : '';
  const reason = thrown.code === 'CSV_MAX_RECORD_SIZE' ? 'a record is longer than 16 MiB' : thrown.code;
  return new CctError('input', `${name}${line}: invalid CSV (${reason})`, { cause: thrown });
}

function toTyped(row: CsvRow, place: string): Observable {
  const { type, value } = parseItem({ type: row['type']?.trim(), value: row['value'] }, place);
  return { type, value: refang(value) };
}

function toDetected(cell: string): Observable | undefined {
  const value = refang(cell.trim());
  // Other values have a row, too: they are skipped, with a reason.
  return value === '' ? undefined : { type: detectType(value) ?? 'unknown', value };
}
