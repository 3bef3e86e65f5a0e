import type { InfoRecord } from 'csv-parse/sync';
import { CsvError, parse } from 'csv-parse/sync';
import { CctError } from '../core/errors.ts';
import type { CsvHead } from './csv-head.ts';
import { CsvRecords } from './csv-records.ts';

/** A row of csv. `line` is the number of its first line. */
export interface CsvRow {
  readonly cells: readonly string[];
  readonly line: number;
  /** How many it has. */
  readonly lines: number;
}

/** `over` is how many lines the rows take. */
interface Parsed {
  readonly rows: readonly CsvRow[];
  readonly over: number;
  readonly isClosed: boolean;
}

// A quote that is never closed would make the whole input one record.
const MAX_RECORD_CHARACTERS = 16 * 1024 * 1024;
const NOT_CLOSED = 'CSV_QUOTE_NOT_CLOSED';

/** Splits lines into rows; a record that is not over waits for more lines. */
export class CsvRows {
  private waiting: string[] = [];
  private waitingFrom = 1;
  private waitingCharacters = 0;
  private triedCharacters = 0;
  private triedQuotes = 0;
  private quotes = 0;
  private skipsEscaped = false;
  private isRelaxed = false;
  private readonly delimiter: string;
  private readonly name: string;
  private readonly records: CsvRecords;

  constructor({ delimiter, hasComments }: Pick<CsvHead, 'delimiter' | 'hasComments'>, name: string) {
    this.delimiter = delimiter;
    this.records = new CsvRecords(delimiter, hasComments);
    this.name = name;
  }

  /** Calls `onRow` for each row that is over. Throws `input` for a record that is too long. */
  read(lines: readonly string[], firstLine: number, onRow: (row: CsvRow) => void): void {
    if (this.waiting.length === 0) {
      if (!lines.some((line) => line.includes('"'))) {
        this.readPlain(lines, firstLine, onRow);
        return;
      }
      this.waitingFrom = firstLine;
    }
    const isOpen = this.waiting.length > 0;
    for (const line of lines) {
      this.waiting.push(line);
      this.waitingCharacters += line.length + 1;
      this.quotes += this.countQuotes(line);
    }
    this.refuseEndless();
    // Only an odd number of quotes closes a cell. Each try parses all that waits: seldom enough to take linear time.
    const isTried =
      !isOpen ||
      (this.quotes - this.triedQuotes) % 2 === 1 ||
      this.waitingCharacters >= 2 * this.triedCharacters ||
      this.waitingCharacters > MAX_RECORD_CHARACTERS;
    if (isTried) this.parseWaiting(this.waitingCharacters > MAX_RECORD_CHARACTERS, onRow);
    if (this.waitingCharacters > MAX_RECORD_CHARACTERS) throw this.broken('a record is longer than 16 MiB');
  }

  /** Throws if more than 16 MiB follow an unclosed quote: parsing them would take seconds, and fail anyway. */
  private refuseEndless(): void {
    if (this.waitingCharacters <= MAX_RECORD_CHARACTERS || this.quotes % 2 === 0) return;
    let [quotes, openedAt, charactersBefore, characters] = [0, 0, 0, 0];
    for (const [at, line] of this.waiting.entries()) {
      const more = this.countQuotes(line);
      if (quotes % 2 === 0 && more % 2 === 1) [openedAt, charactersBefore] = [at, characters];
      quotes += more;
      characters += line.length + 1;
    }
    if (characters - charactersBefore <= MAX_RECORD_CHARACTERS) return;
    this.waitingFrom += openedAt;
    throw this.broken('a record is longer than 16 MiB');
  }

  /** Reads what still waits. Throws `input` for a quote that is not closed. */
  end(onRow: (row: CsvRow) => void): void {
    if (this.waiting.length === 0) return;
    this.parseWaiting(true, onRow);
    if (this.waiting.length > 0) throw this.broken('a quote is never closed; read it as text with --input-format text');
  }

  private readPlain(lines: readonly string[], first: number, onRow: (row: CsvRow) => void): void {
    for (const [at, line] of lines.entries()) {
      if (line.trim() !== '' && !this.records.isComment(line))
        onRow({ cells: line.split(this.delimiter), line: first + at, lines: 1 });
    }
  }

  private parseWaiting(isLast: boolean, onRow: (row: CsvRow) => void): void {
    const lines = this.waiting;
    const { text, isCut } = this.prepare(lines, isLast);
    const { rows, over, isClosed } = this.parse(text, isCut ? lines.slice(0, text.split('\n').length - 1) : lines);
    this.waiting = isClosed && !isCut ? [] : lines.slice(over);
    this.waitingFrom += over;
    this.waitingCharacters = this.waiting.reduce((sum, line) => sum + line.length + 1, 0);
    this.triedCharacters = this.waitingCharacters;
    this.skipsEscaped = isCut || this.records.hasEscapes;
    this.quotes = this.waiting.reduce((sum, line) => sum + this.countQuotes(line), 0);
    this.triedQuotes = this.quotes;
    for (const row of rows) onRow(row);
  }

  private prepare(lines: readonly string[], isLast: boolean) {
    const text = `${lines.join('\n')}\n`;
    const isPlain = !text.includes('\\"') && !lines.some((line) => this.records.isComment(line));
    return isPlain ? { text, isCut: false } : this.records.prepare(text, isLast);
  }

  /** The rows that are over, and how many lines they take. */
  private parse(text: string, lines: readonly string[]): Parsed {
    return this.parseSimple(text, lines) ?? this.parseAny(text, lines);
  }

  /** For text whose records have one line each: without the costly place of each record. */
  private parseSimple(text: string, lines: readonly string[]): Parsed | undefined {
    const isLikelyOpen = this.quotes % 2 === 1;
    if (this.isRelaxed || isLikelyOpen) return undefined;
    try {
      const records = parse(text, this.options());
      const numbers = lines.flatMap((line, at) => (this.isSkipped(line) ? [] : [this.waitingFrom + at]));
      if (numbers.length !== records.length) return undefined;
      return {
        rows: records.map((cells, at) => ({ cells, line: numbers[at] ?? 0, lines: 1 })),
        over: lines.length,
        isClosed: true,
      };
    } catch {
      return undefined;
    }
  }

  private parseAny(text: string, lines: readonly string[]): Parsed {
    const rows: CsvRow[] = [];
    let over = 0;
    const onRecord = (cells: string[], { lines: linesToItsEnd }: InfoRecord) => {
      while (this.isSkipped(lines[over] ?? 'row')) over += 1;
      rows.push({
        cells: this.isRelaxed ? cells.map(toUnquoted) : cells,
        line: this.waitingFrom + over,
        lines: linesToItsEnd - over,
      });
      over = linesToItsEnd;
      return null;
    };
    try {
      parse(text, { ...this.options(), on_record: onRecord });
      return { rows, over, isClosed: true };
    } catch (thrown) {
      if (!(thrown instanceof CsvError)) throw thrown;
      if (thrown.code === NOT_CLOSED) return { rows, over, isClosed: false };
      if (this.isRelaxed) throw this.broken(thrown.code, thrown);
      this.isRelaxed = true;
      return this.parseAny(text, lines);
    }
  }

  /** Whether a line has no record where one could begin. */
  private isSkipped(line: string): boolean {
    return line.trim() === '' || this.records.isComment(line);
  }

  private options() {
    return {
      delimiter: this.delimiter,
      ltrim: true,
      record_delimiter: '\n',
      relax_column_count: true,
      relax_quotes: true,
      // The parser refuses text behind a closing quote where it trims.
      rtrim: !this.isRelaxed,
      skip_empty_lines: true,
    };
  }

  private countQuotes(line: string): number {
    let count = 0;
    for (let at = line.indexOf('"'); at !== -1; at = line.indexOf('"', at + 1)) {
      if (!this.skipsEscaped || line[at - 1] !== '\\') count += 1;
    }
    return count;
  }

  private broken(reason: string, cause?: unknown): CctError {
    return new CctError('input', `${this.name}:${this.waitingFrom}: invalid CSV (${reason})`, { cause });
  }
}

function toUnquoted(cell: string): string {
  return cell.replace(/^"([^]*)"\s+$/, '$1').trimEnd();
}

/** The lines without `\r`, which ends a line on old Macs. */
export function toLines(given: readonly string[]): readonly string[] {
  if (!given.some((line) => line.includes('\r'))) return given;
  return given.flatMap((line) => line.replace(/\r$/, '').split('\r'));
}
