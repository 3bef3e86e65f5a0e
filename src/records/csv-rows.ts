import type { InfoRecord } from 'csv-parse/sync';
import { CsvError, parse } from 'csv-parse/sync';
import { CctError } from '../core/errors.ts';
import type { CsvHead } from './csv-head.ts';
import { CsvRecords } from './csv-records.ts';

/** A row of csv. `line` is the number of its first line. */
export interface CsvRow {
  readonly cells: readonly string[];
  readonly line: number;
  /** The number of its lines. */
  readonly lines: number;
}

interface Parsed {
  readonly rows: readonly CsvRow[];
  /** The number of lines that the rows take. */
  readonly consumedLines: number;
  /** False if a quote is open behind them. */
  readonly isClosed: boolean;
}

// A quote that is never closed would make the whole input one record.
const MAX_RECORD_CHARACTERS = 16 * 1024 * 1024;
const NOT_CLOSED = 'CSV_QUOTE_NOT_CLOSED';

/** Splits lines into rows. A record with an open quote waits for more lines. */
export class CsvRows {
  private waiting: string[] = [];
  private waitingFrom = 1;
  private size = { characters: 0, quotes: 0 };
  private atLastParse = { characters: 0, quotes: 0 };
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

  /** Calls `onRow` for each complete row. Throws `input` for a record that is too long. */
  read(lines: readonly string[], firstLine: number, onRow: (row: CsvRow) => void): void {
    if (this.waiting.length === 0) {
      if (!lines.some((line) => line.includes('"'))) {
        this.readPlain(lines, firstLine, onRow);
        return;
      }
      this.waitingFrom = firstLine;
    }
    const isFirst = this.waiting.length === 0;
    for (const line of lines) this.waiting.push(line);
    const added = this.measure(lines);
    this.size = { characters: this.size.characters + added.characters, quotes: this.size.quotes + added.quotes };
    this.refuseEndless();
    const isTooLong = this.size.characters > MAX_RECORD_CHARACTERS;
    if (isFirst || isTooLong || this.shouldParse()) this.parseWaiting(isTooLong, onRow);
    if (this.size.characters > MAX_RECORD_CHARACTERS) throw this.broken('a record is longer than 16 MiB');
  }

  /** Only an odd number of quotes closes a cell. Each attempt parses all that waits: few enough to take linear time. */
  private shouldParse(): boolean {
    const { characters, quotes } = this.atLastParse;
    return (this.size.quotes - quotes) % 2 === 1 || this.size.characters >= 2 * characters;
  }

  private measure(lines: readonly string[]) {
    let [characters, quotes] = [0, 0];
    for (const line of lines) {
      characters += line.length + 1;
      quotes += this.countQuotes(line);
    }
    return { characters, quotes };
  }

  /** Throws if more than 16 MiB follow an unclosed quote: parsing them would take seconds, and fail anyway. */
  private refuseEndless(): void {
    if (this.size.characters <= MAX_RECORD_CHARACTERS || this.size.quotes % 2 === 0) return;
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

  /** Reads the waiting lines. Throws `input` for a quote that is not closed. */
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
    const { rows, consumedLines, isClosed } = this.parse(text, isCut ? lines.slice(0, text.split('\n').length - 1) : lines);
    this.waiting = isClosed && !isCut ? [] : lines.slice(consumedLines);
    this.waitingFrom += consumedLines;
    this.skipsEscaped = isCut || this.records.hasEscapes;
    this.size = this.measure(this.waiting);
    this.atLastParse = this.size;
    for (const row of rows) onRow(row);
  }

  private prepare(lines: readonly string[], isLast: boolean) {
    const text = `${lines.join('\n')}\n`;
    const isPlain = !text.includes('\\"') && !lines.some((line) => this.records.isComment(line));
    return isPlain ? { text, isCut: false } : this.records.prepare(text, isLast);
  }

  private parse(text: string, lines: readonly string[]): Parsed {
    return this.parseSimple(text, lines) ?? this.parseAny(text, lines);
  }

  /** Fast path for records of one line each: does not ask the parser where each one is. */
  private parseSimple(text: string, lines: readonly string[]): Parsed | undefined {
    const isLikelyOpen = this.size.quotes % 2 === 1;
    if (this.isRelaxed || isLikelyOpen) return undefined;
    try {
      const records = parse(text, this.options());
      const numbers = lines.flatMap((line, at) => (this.isSkipped(line) ? [] : [this.waitingFrom + at]));
      if (numbers.length !== records.length) return undefined;
      return {
        rows: records.map((cells, at) => ({ cells, line: numbers[at] ?? 0, lines: 1 })),
        consumedLines: lines.length,
        isClosed: true,
      };
    } catch {
      return undefined;
    }
  }

  private parseAny(text: string, lines: readonly string[]): Parsed {
    const rows: CsvRow[] = [];
    let consumedLines = 0;
    const onRecord = (cells: string[], { lines: linesToItsEnd }: InfoRecord) => {
      while (this.isSkipped(lines[consumedLines] ?? 'row')) consumedLines += 1;
      rows.push({
        cells: this.isRelaxed ? cells.map(toUnquoted) : cells,
        line: this.waitingFrom + consumedLines,
        lines: linesToItsEnd - consumedLines,
      });
      consumedLines = linesToItsEnd;
      return null;
    };
    try {
      parse(text, { ...this.options(), on_record: onRecord });
      return { rows, consumedLines, isClosed: true };
    } catch (thrown) {
      if (!(thrown instanceof CsvError)) throw thrown;
      if (thrown.code === NOT_CLOSED) return { rows, consumedLines, isClosed: false };
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
