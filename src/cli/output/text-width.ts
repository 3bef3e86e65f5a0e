import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

// Segmenting takes quadratic time for a long non-ASCII text.
const WINDOW_UNITS = 512;
const MAX_OVERLAP_UNITS = 64;
// Continues the previous character: marks, joiners, and the second half of a surrogate pair.
const CONTINUES = /[\p{M}\u200D\uDC00-\uDFFF]/u;

/** Splits a text into pieces short enough to be segmented, without breaking a character. */
function* toWindows(text: string): Generator<string> {
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = Math.min(start + WINDOW_UNITS, text.length);
    for (let more = 0; more < MAX_OVERLAP_UNITS && end < text.length && CONTINUES.test(text.charAt(end)); more += 1) end += 1;
    yield text.slice(start, end);
  }
}

/** The width of a text on a terminal, in cells. */
export function widthOf(text: string): number {
  let width = 0;
  for (const piece of toWindows(text)) width += stringWidth(piece);
  return width;
}

/** Wraps a text to lines of at most `cells`, at spaces if possible. An empty text is one line. */
export function wrap(text: string, cells: number): string[] {
  if (text.length <= cells && widthOf(text) <= cells) return [text];
  return [...toWindows(text)].flatMap((piece) => wrapAnsi(piece, cells, { hard: true }).split('\n'));
}

// A letter with its marks counts as one character, and so does an emoji of several parts.
const characters = new Intl.Segmenter();

/** Shortens a text to at most `cells` by leaving out its middle: the host and the end of the path stay. */
export function shortenInMiddle(text: string, cells: number): string {
  if (widthOf(text) <= cells) return text;
  const tailCells = Math.floor((cells - 1) / 2);
  const head = takeCells(segment(text.slice(0, WINDOW_UNITS)), cells - 1 - tailCells);
  const tail = takeCells(segment(text.slice(-WINDOW_UNITS)).reverse(), tailCells).reverse();
  return `${head.join('')}…${tail.join('')}`;
}

function segment(text: string): string[] {
  return Array.from(characters.segment(text), (part) => part.segment);
}

/** The leading parts that fit into `cells`. */
function takeCells(parts: readonly string[], cells: number): string[] {
  let width = 0;
  return parts.slice(
    0,
    parts.findIndex((part) => (width += stringWidth(part)) > cells),
  );
}
