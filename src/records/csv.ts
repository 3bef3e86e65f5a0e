import type { Observable } from '../core/observables/observable.ts';
import { triage } from '../core/observables/observable.ts';
import { extractObservables } from '../text/extract.ts';
import { refang } from '../text/refang.ts';
import { toObservable } from '../text/detect-type.ts';
import type { ReadCell } from './cell-reader.ts';
import { createCellReader } from './cell-reader.ts';
import type { CsvPlan } from './csv-columns.ts';
import { isKnownHeader, planColumns } from './csv-columns.ts';
import { isMarkdown, readCsvHead, splitHeader } from './csv-head.ts';
import type { CsvRow } from './csv-rows.ts';
import { CsvRows, toLines } from './csv-rows.ts';
import { toTyped } from './csv-types.ts';
import type { FormatOptions, Head, LineFormat, LineReader, Reading } from './format.ts';
import { addRecord } from './record-values.ts';
import type { FieldValue } from './url-fields.ts';
import { toListObservable, toOwnObservable } from './own-csv.ts';
import { createTimeReader } from './record-time.ts';
import { addExtraction, holdsMore, searchText } from './search.ts';
import { addUnwrapped } from './wrapped-url.ts';

/** CSV of any tool: with `type` and `value`, chosen or known columns, or none of these. */
export const csv: LineFormat = {
  unit: 'row',
  isPrivate: false,
  recognise: recogniseCsv,
  open: (reading, options) => new CsvReader(reading, options),
};

const LOOKED_AT = 20;
const MAX_NAME_LENGTH = 64;

function recogniseCsv({ lines: given, name }: Head, { columns }: FormatOptions): string | undefined {
  if (columns.length > 0 || /\.[ct]sv(?:\.gz)?$/i.test(name)) return 'csv';
  const lines = toLines(given);
  const head = readCsvHead(lines);
  if (!head || isMarkdown(lines.slice(head.skipped, head.skipped + 2))) return undefined;
  const rows = lines.slice(head.skipped, head.skipped + LOOKED_AT).filter((line) => line.trim() !== '');
  const header = splitHeader(head.commented ?? rows.shift() ?? '', head.delimiter);
  if (header.length < 2 || header.some((cell) => cell.length > MAX_NAME_LENGTH)) return undefined;
  if (!isKnownHeader(header)) return isTable(header, rows, head.delimiter) ? 'csv' : undefined;
  // In prose and logs the number of commas changes from line to line.
  const alike = rows.filter((row) => splitHeader(row, head.delimiter).length === header.length || row.includes('"'));
  return alike.length * 2 >= rows.length ? 'csv' : undefined;
}

const MIN_TABLE_ROWS = 2;
const PLAIN_NAME = /^[A-Za-z_][\w /()-]*$/;

/** Whether an unknown header and its rows all have the same number of cells. */
function isTable(header: readonly string[], rows: readonly string[], delimiter: string): boolean {
  return (
    rows.length >= MIN_TABLE_ROWS &&
    header.every((cell) => PLAIN_NAME.test(cell)) &&
    rows.every((row) => splitHeader(row, delimiter).length === header.length)
  );
}

const SAMPLE_ROWS = 100;
const MAX_EARLY_LINES = 1000;

class CsvReader implements LineReader {
  private readonly reading: Reading;
  private readonly options: FormatOptions;
  private rows: CsvRows | undefined;
  private readRow: ((row: CsvRow) => void) | undefined;
  private sample: CsvRow[] = [];
  // Comments and blank lines before the first row.
  private early: string[] = [];
  // Line breaks of old Macs, which the caller does not count.
  private extraLines = 0;

  constructor(reading: Reading, options: FormatOptions) {
    this.reading = reading;
    this.options = options;
  }

  read(given: readonly string[], firstLine: number): void {
    const lines = toLines(given);
    const first = firstLine + this.extraLines;
    this.extraLines += lines.length - given.length;
    if (this.rows) this.readRows(lines, first, this.rows);
    else this.begin(lines, first);
  }

  private begin(lines: readonly string[], first: number): void {
    const early = [...this.early, ...lines];
    const head = readCsvHead(early);
    if (!head) {
      this.early = early.slice(-MAX_EARLY_LINES);
      return;
    }
    this.rows = new CsvRows(head, this.reading.name);
    if (head.commented !== undefined)
      this.sample.push({ cells: splitHeader(head.commented, head.delimiter), line: first, lines: 1 });
    this.readRows(early.slice(head.skipped), first - this.early.length + head.skipped, this.rows);
  }

  private readRows(lines: readonly string[], first: number, rows: CsvRows): void {
    try {
      rows.read(lines, first, (row) => this.take(row));
    } finally {
      // A pipe may deliver the header alone.
      if (this.sample.length > 1 || !isKnownHeader(this.sample[0]?.cells ?? [])) this.plan();
    }
  }

  private take(row: CsvRow): void {
    if (this.readRow) {
      this.readRow(row);
      return;
    }
    this.sample.push(row);
    if (this.sample.length > SAMPLE_ROWS) this.plan();
  }

  /** Chooses the columns from the first block of rows: a pipe may deliver no more for a long time. */
  private plan(): void {
    const [header, ...rows] = this.sample;
    if (this.readRow || !header) return;
    const cells = rows.map((row) => row.cells);
    const plan = planColumns(header.cells, cells, { columns: this.options.columns, name: this.reading.name });
    if (plan.kind === 'known') this.reading.note(toColumnNote(plan));
    const { reading } = this;
    const readTime = createTimeReader(plan.hasHeader ? header.cells : []);
    // Cells without a column name: a comma in a value, or a note.
    const hasRest = plan.kind === 'known' || plan.kind === 'typed';
    const readCell = createCellReader(reading);
    this.readRow = (row) => {
      reading.count(1);
      reading.at(row.line, () => readTime(row.cells), row.lines);
      readCells(row, plan, { reading, readCell });
      if (hasRest) for (const cell of row.cells.slice(header.cells.length)) readCell(cell, row.line);
    };
    for (const row of plan.hasHeader ? rows : this.sample) this.readRow(row);
    this.sample = [];
  }

  end(): void {
    try {
      this.rows?.end((row) => this.take(row));
    } finally {
      this.plan();
    }
  }
}

function toColumnNote({ names, unread }: Extract<CsvPlan, { kind: 'known' }>): string {
  const read = `read the ${toColumnNames(names)}`;
  if (unread.length === 0) return read;
  return `${read}; the ${toColumnNames(unread)} ${unread.length === 1 ? 'holds' : 'hold'} observables too: name all with --column`;
}

function toColumnNames(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length === 1 ? `column ${last}` : `columns ${names.slice(0, -1).join(', ')} and ${last}`;
}

interface Receiver {
  readonly reading: Reading;
  readonly readCell: ReadCell;
}

function readCells({ cells, line }: CsvRow, plan: CsvPlan, { reading, readCell }: Receiver): void {
  switch (plan.kind) {
    case 'typed': {
      const place = `${reading.name}:${line}: observable`;
      const [type, value] = [cells[plan.type]?.trim() ?? '', cells[plan.value]?.trim() ?? ''];
      // Spreadsheets end in rows of empty cells.
      if (type === '' && value === '') return;
      if (plan.isOwn) reading.add(toOwnObservable(type, value, place));
      else for (const observable of toTyped(type, value, place)) addTyped(observable, reading, line);
      return;
    }
    case 'list': {
      const observable = toListObservable(cells.map((cell) => cell.trim()));
      if (observable) reading.add(observable);
      return;
    }
    case 'chosen':
      for (const at of plan.columns) addChosen(cells[at] ?? '', reading, line);
      return;
    case 'known': {
      const isEvent = ({ at }: { readonly at: number }) => cells[at]?.startsWith('{') === true;
      addRecord(
        toValues(
          cells,
          plan.columns.filter((column) => !isEvent(column)),
        ),
        reading,
        line,
      );
      for (const { at } of plan.columns.filter(isEvent)) readCell(cells[at] ?? '', line);
      return;
    }
    case 'all':
      for (const [at, value] of cells.entries()) {
        const role = plan.roles.get(at);
        if (role) addRecord([{ role, value: value.trim() }], reading, line);
        else readCell(value, line);
      }
  }
}

/** Adds a typed value; of one that is invalid as its type, such as a list, what it holds, unless that is nothing. */
function addTyped(observable: Observable, reading: Reading, line: number): void {
  const isInvalid = triage(observable, { asksDomains: true }).skip === 'invalid';
  const held = isInvalid ? extractObservables(observable.value) : undefined;
  if (held && held.found.length > 0) addExtraction(held, reading, line);
  else addUnwrapped(observable, reading, line);
}

function addChosen(cell: string, reading: Reading, line: number): void {
  const value = refang(cell.trim());
  const observable = toObservable(value);
  if (observable && holdsMore(observable)) searchText(cell, reading, line);
  // Other values have a row, too: they are skipped, with a reason.
  else if (value !== '') addUnwrapped(observable ?? { type: 'unknown', value }, reading);
}

type KnownColumns = Extract<CsvPlan, { kind: 'known' }>['columns'];

function toValues(cells: readonly string[], columns: KnownColumns): FieldValue[] {
  return columns.map(({ at, role }) => ({ role, value: cells[at]?.trim() ?? '' }));
}
