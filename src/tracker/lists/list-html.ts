import { Parser } from 'htmlparser2';
import { toAmount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import type { AddNote, ListReading } from './list-reading.ts';
import { readRows } from './list-reading.ts';
import { parseListRow } from './list-row.ts';
import type { SnapshotEntry } from '../snapshot/snapshot-file.ts';

/** A page of `index.php`. `rowCount` includes dropped rows. */
export interface ListPage extends ListReading {
  readonly rowCount: number;
  /** The largest row offset (`s=`) in the page's links, or 0. */
  readonly lastOffset: number;
}

const COLUMNS = ['DATE', 'URL', 'IP', 'TYPE'] as const;
const HEADER_CLASS = 'TableHeader';
// The parser keeps a chunk in memory until it has read all of it.
const CHUNK_LENGTH = 64 * 1024;

/** A row of a table: its line number, and the texts of its cells. */
interface TableRow {
  readonly line: number;
  readonly cells: string[];
}

/**
 * Parses a page of the tracker's `index.php`: the table whose header row has the class `TableHeader` and the columns `-::DATE`, `-::URL`,
 * `-::IP` and `-::TYPE`. The table may have no rows. Throws `input` if it is missing, truncated, or has other columns.
 */
export function parseListPage(text: string): ListPage {
  const { header, rows, isWhole, lastOffset } = readTable(text);
  if (header === null) throw new CctError('input', "the HTML page does not contain the tracker's table");
  const names = header.cells.map((cell) =>
    cell
      .replace(/^[-:\s]+/, '')
      .trim()
      .toUpperCase(),
  );
  const places = COLUMNS.map((column) => names.indexOf(column));
  if (places.includes(-1)) {
    throw new CctError('input', `line ${header.line}: expected a table with the columns ${COLUMNS.join(', ')}`);
  }
  if (!isWhole) throw new CctError('input', 'the page is truncated: the table does not end');
  const numbered = rows.map(({ line, cells }) => [line, cells] as const);
  return { ...readRows(numbered, (cells, addNote) => parseRow(cells, places, addNote)), rowCount: rows.length, lastOffset };
}

function parseRow(cells: readonly string[], places: readonly number[], addNote: AddNote): SnapshotEntry | null {
  const [date, url, ip, family] = places.map((place) => cells[place]);
  if (date === undefined || url === undefined || ip === undefined || family === undefined) {
    addNote('row-dropped', `expected at least ${toAmount(Math.max(...places) + 1, 'column')}, found ${cells.length}`);
    return null;
  }
  return parseListRow({ date, url, ip, family }, addNote);
}

interface Table {
  /** Null if the page has no such table. */
  header: TableRow | null;
  readonly rows: TableRow[];
  /** Whether the table has an end tag. */
  isWhole: boolean;
  lastOffset: number;
}

const LIST_LINK = 'index.php?';
const OFFSET = /^s=(\d{1,9})(?!\d)/;

/** The row offset in a link to the list; 0 for other links. */
function toOffset(href: string): number {
  const at = href.indexOf(LIST_LINK);
  if (at === -1) return 0;
  const [query = ''] = href.slice(at + LIST_LINK.length).split('#');
  return query.split('&').reduce((found, part) => Number(OFFSET.exec(part)?.[1] ?? found), 0);
}

function readTable(text: string): Table {
  const table: Table = { header: null, rows: [], isWhole: false, lastOffset: 0 };
  const lineOf = createLineFinder(text);
  let depth = 0;
  // The depth of the list's table, 0 outside it; other tables may surround it, follow it, or be in its cells.
  let readDepth = 0;
  let row: TableRow | null = null;
  let cell: string | null = null;

  const nesting = createNestingLimit();
  const openRow = (isHeader: boolean) => {
    row = { line: lineOf(parser.startIndex).number, cells: [] };
    if (isHeader) table.header = row;
    else table.rows.push(row);
  };
  const parser = new Parser({
    onopentag(name, { class: classes = '', href = '' }) {
      nesting.open();
      if (name === 'a') table.lastOffset = Math.max(table.lastOffset, toOffset(href));
      if (name === 'table') depth += 1;
      const isHeader = table.header === null && name === 'tr' && classes.split(/\s/).includes(HEADER_CLASS);
      if (isHeader) readDepth = depth;
      if (readDepth === 0 || depth !== readDepth) return;
      if (name === 'tr') openRow(isHeader);
      if (isCell(name)) cell = '';
    },
    ontext(piece) {
      if (cell !== null) cell += piece;
    },
    onclosetag(name, isImplied) {
      nesting.close();
      if (depth === readDepth && isCell(name)) {
        if (cell !== null) row?.cells.push(cell);
        cell = null;
      }
      if (depth === readDepth && name === 'tr') row = null;
      if (name !== 'table') return;
      if (depth === readDepth) {
        // The end of the text implicitly closes tags, too.
        table.isWhole = !isImplied;
        readDepth = 0;
      }
      depth -= 1;
    },
  });
  feed(parser, text);
  return table;
}

function isCell(name: string): boolean {
  return name === 'td' || name === 'th';
}

// The tracker's pages nest a dozen. The parser's time per tag grows with the number of open tags.
const MOST_NESTED = 500;

/** Counts open tags; throws `input` above 500. */
function createNestingLimit() {
  let depth = 0;
  return {
    open() {
      depth += 1;
      if (depth > MOST_NESTED) throw new CctError('input', `more than ${MOST_NESTED} nested tags; this is not the list`);
    },
    close: () => void (depth -= 1),
  };
}

function feed(parser: Parser, text: string): void {
  for (let at = 0; at < text.length; at += CHUNK_LENGTH) parser.write(text.slice(at, at + CHUNK_LENGTH));
  parser.end();
}

/** Finds the line of a position: its number, from 1, and its start. Positions must not decrease. */
function createLineFinder(text: string): (at: number) => { readonly number: number; readonly start: number } {
  let [number, start] = [1, 0];
  let next = text.indexOf('\n');
  return (at) => {
    for (; next !== -1 && next < at; next = text.indexOf('\n', next + 1)) [number, start] = [number + 1, next + 1];
    return { number, start };
  };
}

const DOCUMENT_TAGS = ['!doctype', 'html', 'head', 'title', 'body', 'table'];

/**
 * Whether a text is an HTML page rather than a list with some markup: it has a document tag on a line that begins with a tag. Throws
 * `input` if tags are nested more than 500 deep.
 */
export function isHtmlPage(text: string): boolean {
  if (!text.includes('<')) return false;
  let isPage = false;
  // Check each line only once: it may be as long as the text and full of tags.
  let checkedLine = -1;
  const lineOf = createLineFinder(text);
  const nesting = createNestingLimit();
  const check = (name: string) => {
    if (isPage || !DOCUMENT_TAGS.includes(name.toLowerCase())) return;
    const { startIndex } = parser;
    const { start } = lineOf(startIndex);
    if (start === checkedLine) return;
    checkedLine = start;
    isPage = text
      .slice(start, startIndex + 1)
      .trimStart()
      .startsWith('<');
  };
  const parser = new Parser({
    onopentagname(name) {
      nesting.open();
      check(name);
    },
    onclosetag: nesting.close,
    onprocessinginstruction: check,
  });
  feed(parser, text);
  return isPage;
}
