import stringWidth from 'string-width';
import type { LedgerRow } from '../../core/ledger.ts';
import { cut, toVisible } from '../../core/safe-text.ts';
import type { Colours } from './colour.ts';
import { openColours } from './colour.ts';
import type { Column, ColumnOptions } from '../../documents/columns.ts';
import { isMarked, readableColumns, withoutEmptyWarnings } from '../../documents/columns.ts';
import type { RowFormat } from '../../documents/row-format.ts';

// Values stay whole, so that they can be copied; a family or message of 10 kB would leave nothing else to see.
const WIDEST_TEXT = 60;
// Marks on letters take no cells: without a limit, measuring a long text would take long.
const MOST_UNITS = 10 * WIDEST_TEXT;

export interface TableOptions extends ColumnOptions {
  readonly isDefanged: boolean;
  readonly isColoured: boolean;
}

/** A table for people: one line per observable, without borders, so that `grep` works on it. */
export async function openTableFormat({ isDefanged, isColoured, ...options }: TableOptions): Promise<RowFormat> {
  const colours = await openColours(isColoured);
  const all = readableColumns(options);
  const lines: string[][] = [];
  let hasWarnings = false;
  return {
    isStreaming: false,
    add(row) {
      lines.push(all.map((column) => toCell(row, column, isDefanged, colours)));
      hasWarnings ||= isMarked(row);
      return '';
    },
    *end() {
      if (lines.length === 0) return;
      const columns = withoutEmptyWarnings(all, hasWarnings);
      const headings = columns.map(({ heading }) => colours.bold(options.fields ? heading : heading.toUpperCase()));
      const at = columns.map((column) => all.indexOf(column));
      const isWhole = columns.length === all.length;
      yield* toAligned([headings, ...(isWhole ? lines : lines.map((cells) => at.map((place) => cells[place] ?? '')))]);
    },
  };
}

/** Lines of a table whose columns are as wide as their widest cell; the first line has the headings. Takes linear time. */
export function* toAligned(lines: readonly (readonly string[])[]): Generator<string> {
  const [headings = []] = lines;
  const widths = headings.map((_heading, column) =>
    lines.reduce((widest, cells) => Math.max(widest, widthOf(cells[column] ?? '')), 0),
  );
  for (const cells of lines) {
    const padded = cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)));
    yield `${padded.join('  ').trimEnd()}\n`;
  }
}

// Segmenting takes quadratic time in a long text that is not ASCII.
const WINDOW_UNITS = 512;
const MAX_OVERLAP_UNITS = 64;
// What belongs to the character before it: marks, joiners, and the second half of a surrogate pair.
const CONTINUES = /[\p{M}\u200D\uDC00-\uDFFF]/u;

/** The cells that a text takes on a terminal. */
function widthOf(text: string): number {
  let width = 0;
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = Math.min(start + WINDOW_UNITS, text.length);
    for (let more = 0; more < MAX_OVERLAP_UNITS && end < text.length && CONTINUES.test(text.charAt(end)); more += 1) end += 1;
    width += stringWidth(text.slice(start, end));
  }
  return width;
}

function toCell(row: LedgerRow, column: Column, isDefanged: boolean, colours: Colours): string {
  const text = column.toText(row, isDefanged);
  if (column.kind === 'status') return toColoured(row.status, colours);
  return column.kind === 'prose' ? shorten(text) : toVisible(text);
}

function toColoured(status: LedgerRow['status'], colours: Colours): string {
  if (status === 'listed') return colours.red(status);
  if (status === 'failed') return colours.yellow(status);
  return status === 'skipped' ? colours.dim(status) : status;
}

// A letter with its marks counts as one character, and so does an emoji of several parts.
const characters = new Intl.Segmenter();

function shorten(text: string): string {
  const visible = toVisible(cut(text, MOST_UNITS));
  if (text.length <= MOST_UNITS && stringWidth(visible) <= WIDEST_TEXT) return visible;
  let width = 0;
  for (const { segment, index } of characters.segment(visible)) {
    width += stringWidth(segment);
    if (width >= WIDEST_TEXT) return `${visible.slice(0, index)}…`;
  }
  return `${visible}…`;
}
