import { shortenInMiddle, widthOf, wrap } from './text-width.ts';

/**
 * A column of a table. `kind` says what happens if lines are too short: `source` is left out first; then `value` and `prose` are shortened,
 * except prose in the last column, which wraps. Default: always whole.
 */
export interface TableColumn {
  readonly heading: string;
  readonly kind?: 'value' | 'prose' | 'source';
}

/** Styles a piece of a cell after it was cut and measured. */
export type Paint<Row> = (piece: string, row: Row, column: number) => string;

export interface TableLayout<Row> {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly Row[];
  /** The cells of a row, in the order of the columns, safe to show. */
  readonly toCells: (row: Row) => readonly string[];
  /** Default: none. */
  readonly paint?: Paint<Row>;
  readonly paintHeading: (text: string) => string;
  /** The width of a line in cells, at least 40. Default: a file or pipe, in which nothing is cut. */
  readonly lineCells?: number | undefined;
}

const GAP = '  ';
const MIN_LINE_CELLS = 40;
// Other cells are not padded to the width of wider ones: a family may have 10 kB.
const WIDEST_PADDED_PROSE = 60;
// By kind; `last` is for prose in the last column. Below the least widths, rows of two lines are easier to read.
const LEAST_CELLS = { value: 20, prose: 16, last: 28 };
const READABLE_CELLS = { value: 40, prose: 24, last: 48 };
const WIDEST_CELLS = { value: Infinity, prose: Infinity, last: Infinity };
const STACK_INDENT = '    ';
const NO_COLUMN: TableColumn = { heading: '' };

/** The lines of a table without borders, so that `grep` works on it. */
export function toTable<Row>(layout: TableLayout<Row>): Iterable<string> {
  const { columns, lineCells } = layout;
  const all = [...columns.keys()];
  const natural = measure(layout);
  if (lineCells === undefined) return toLines(layout, { shown: all, widths: natural.padded });
  const cells = Math.max(lineCells, MIN_LINE_CELLS);
  if (toLineCells(natural.widest) <= cells) return toLines(layout, { shown: all, widths: natural.widest });
  const shown = all.filter((at) => columns[at]?.kind !== 'source');
  const widths = fit(
    [LEAST_CELLS, READABLE_CELLS, WIDEST_CELLS].map((limits) =>
      shown.map((at) => Math.min(natural.widest[at] ?? 0, toLimit(limits, columns[at], at === columns.length - 1))),
    ),
    cells,
  );
  return widths ? toLines(layout, { shown, widths }) : toStack(layout, { lineCells: cells, widest: natural.widest });
}

/** The indexes of the shown columns, and their widths. */
interface Widths {
  readonly shown: readonly number[];
  readonly widths: readonly number[];
}

function toLineCells(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
}

/** For each column, the width of its widest text, and the width to which its texts are padded in a file. */
function measure<Row>({ columns, rows, toCells }: TableLayout<Row>): { widest: number[]; padded: number[] } {
  const widest = columns.map(({ heading }) => widthOf(heading));
  const padded = [...widest];
  for (const row of rows) {
    for (const [at, text] of toCells(row).entries()) {
      const width = widthOf(text);
      widest[at] = Math.max(widest[at] ?? 0, width);
      if (columns[at]?.kind !== 'prose' || width <= WIDEST_PADDED_PROSE) padded[at] = Math.max(padded[at] ?? 0, width);
    }
  }
  return { widest, padded };
}

function toLimit({ value, prose, last }: typeof LEAST_CELLS, column: TableColumn | undefined, isLast: boolean): number {
  if (column?.kind === 'value') return value;
  if (column?.kind !== 'prose') return Infinity;
  return isLast ? last : prose;
}

/** Widens columns to fill a line, step by step and the first columns first, as far as they fit. Undefined if the first step does not fit. */
function fit(steps: readonly (readonly number[])[], lineCells: number): number[] | undefined {
  const [least = [], ...wider] = steps;
  let spare = lineCells - toLineCells(least);
  if (spare < 0) return undefined;
  let widths = [...least];
  for (const step of wider) {
    widths = widths.map((width, at) => {
      const more = Math.min(spare, (step[at] ?? width) - width);
      spare -= more;
      return width + more;
    });
  }
  return widths;
}

function* toLines<Row>(layout: TableLayout<Row>, columns: Widths): Generator<string> {
  yield toHeadingLine(layout, columns);
  for (const row of layout.rows) yield* toRowLines(layout, columns, row);
}

function toHeadingLine<Row>({ columns, paintHeading }: TableLayout<Row>, { shown, widths }: Widths): string {
  const cells = shown.map((at, place) => {
    const heading = columns[at]?.heading ?? '';
    return paintHeading(heading) + toPadding(heading, widths[place]);
  });
  return toLine(cells);
}

function* toRowLines<Row>(layout: TableLayout<Row>, { shown, widths }: Widths, row: Row): Generator<string> {
  const { columns, toCells, paint = toUnpainted, lineCells } = layout;
  const texts = toCells(row);
  const cells = shown.map((at, place) => {
    const text = texts[at] ?? '';
    const column = columns[at] ?? NO_COLUMN;
    const width = widths[place] ?? 0;
    const isLast = at === columns.length - 1;
    return { at, width, pieces: lineCells === undefined ? [text] : toPieces(text, column, { cells: width, isLast }) };
  });
  const height = Math.max(...cells.map(({ pieces }) => pieces.length));
  for (let line = 0; line < height; line += 1) {
    yield toLine(
      cells.map(({ at, pieces, width }) => {
        const piece = pieces[line] ?? '';
        return (piece === '' ? '' : paint(piece, row, at)) + toPadding(piece, width);
      }),
    );
  }
}

function toUnpainted(piece: string): string {
  return piece;
}

function toPadding(text: string, width = 0): string {
  return ' '.repeat(Math.max(width - widthOf(text), 0));
}

function toPieces(text: string, { kind }: TableColumn, { cells, isLast }: { cells: number; isLast: boolean }): string[] {
  if (kind === 'prose' && isLast) return wrap(text, cells);
  return [kind === undefined ? text : shortenInMiddle(text, cells)];
}

function toLine(cells: readonly string[]): string {
  return `${cells.join(GAP).trimEnd()}\n`;
}

/** The layout for narrow lines: the columns up to the value on one line, and the rest below it, without empty cells. */
function* toStack<Row>(
  layout: TableLayout<Row>,
  { lineCells, widest }: { readonly lineCells: number; readonly widest: readonly number[] },
): Generator<string> {
  const { columns, rows, toCells, paintHeading } = layout;
  const value = Math.max(
    columns.findIndex(({ kind }) => kind === 'value'),
    0,
  );
  const before = widest.slice(0, value);
  const above = {
    shown: [...columns.keys()].slice(0, value + 1),
    widths: [...before, Math.max(lineCells - toLineCells([...before, 0]), 1)],
  };
  const belowCells = lineCells - STACK_INDENT.length;
  const isBelow = (text: string, at: number) => at > value && text !== '' && columns[at]?.kind !== 'source';
  const toBelow = (cells: readonly string[]) => {
    const texts = cells.flatMap((text, at) => {
      if (!isBelow(text, at)) return [];
      return [at === columns.length - 1 ? text : shortenInMiddle(text, belowCells)];
    });
    return texts.length === 0 ? [] : wrap(texts.join(GAP), belowCells);
  };
  yield toHeadingLine(layout, above);
  const hasMore = rows.some((row) => toCells(row).some(isBelow));
  const headings = hasMore ? toBelow(columns.map(({ heading }) => heading)) : [];
  for (const line of headings) yield toLine([STACK_INDENT + paintHeading(line)]);
  for (const row of rows) {
    yield* toRowLines(layout, above, row);
    for (const line of toBelow(toCells(row))) yield toLine([STACK_INDENT + line]);
  }
}
