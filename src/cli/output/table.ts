import stringWidth from 'string-width';
import type { LedgerRow } from '../../core/ledger.ts';
import { cut, toVisible } from '../../core/safe-text.ts';
import type { Colours } from './colour.ts';
import { openColours } from './colour.ts';
import { defang } from '../../text/defanged.ts';
import type { RowFormat } from '../../documents/row-format.ts';

const HEADINGS = ['STATUS', 'TYPE', 'VALUE', 'FAMILY', 'FIRST LISTED', 'SOURCE', 'WARNINGS', 'WHY'];
// Printed only where a row has one.
// Values stay whole, so that they can be copied; a family or message of 10 kB would leave nothing else to see.
const WIDEST_TEXT = 60;
// Marks on letters take no cells: without a limit, measuring a long text would take long.
const MOST_UNITS = 10 * WIDEST_TEXT;

/** A table for people: one line per observable, without borders, so that `grep` works on it. */
export async function openTableFormat({
  isDefanged,
  isColoured,
  hasChanges = false,
}: {
  isDefanged: boolean;
  isColoured: boolean;
  hasChanges?: boolean;
}): Promise<RowFormat> {
  const colours = await openColours(isColoured);
  const lines: string[][] = [];
  return {
    isStreaming: false,
    add(row) {
      lines.push([...(hasChanges ? [row.change ?? ''] : []), ...toLine(row, isDefanged, colours)]);
      return '';
    },
    *end() {
      if (lines.length === 0) return;
      const headings = [...(hasChanges ? ['CHANGE'] : []), ...HEADINGS];
      const table = [headings.map((heading) => colours.bold(heading)), ...lines];
      const warnings = headings.indexOf('WARNINGS');
      const hasWarnings = lines.some((cells) => cells[warnings] !== '');
      yield* toAligned(hasWarnings ? table : table.map((cells) => cells.toSpliced(warnings, 1)));
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

function toLine(row: LedgerRow, isDefanged: boolean, colours: Colours): string[] {
  const { type, value } = row.observable;
  return [
    toColoured(row.status, colours),
    toVisible(type),
    toVisible(isDefanged ? defang(value) : value),
    shorten(row.family ?? ''),
    row.first_listed ?? '',
    row.source ?? '',
    shorten((row.warnings ?? []).join('; ')),
    shorten(toWhy(row, isDefanged)),
  ];
}

/** Why there is no answer, what matched, or what came near. */
function toWhy({ reason, error, matched, related, older }: LedgerRow, isDefanged: boolean): string {
  if (reason !== undefined) return reason;
  if (error) return `${error.code}: ${error.message}`;
  const shown = (entry: string) => (isDefanged ? defang(entry) : entry);
  if (matched) return `${matched.by}: ${shown(matched.entry)} ${matched.date ?? ''}`.trimEnd();
  // The date comes first: a long entry is cut.
  const near = [
    ...(older ? [`older (${older.date ?? 'undated'}): ${shown(older.entry)}`] : []),
    ...(related
      ? [`on listed ${related.by}${related.newest === null ? '' : ` (${related.newest})`}: ${shown(related.entry)}`]
      : []),
  ];
  return near.join('; ');
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
