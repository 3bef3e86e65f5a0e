import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

// Segmenting takes quadratic time in a long text that is not ASCII.
const WINDOW_UNITS = 512;
const MAX_OVERLAP_UNITS = 64;
// What belongs to the character before it: marks, joiners, and the second half of a surrogate pair.
const CONTINUES = /[\p{M}\u200D\uDC00-\uDFFF]/u;

/** The pieces of a text, short enough to be segmented, without breaking a character. */
function* toWindows(text: string): Generator<string> {
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = Math.min(start + WINDOW_UNITS, text.length);
    for (let more = 0; more < MAX_OVERLAP_UNITS && end < text.length && CONTINUES.test(text.charAt(end)); more += 1) end += 1;
    yield text.slice(start, end);
  }
}

/** The cells that a text takes on a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const piece of toWindows(text)) width += stringWidth(piece);
  return width;
}

/** The text in lines of at most so many cells, broken at spaces if there are any; an empty text is one line. */
export function wrap(text: string, cells: number): string[] {
  if (text.length <= cells && widthOf(text) <= cells) return [text];
  return [...toWindows(text)].flatMap((piece) => wrapAnsi(piece, cells, { hard: true }).split('\n'));
}

// A letter with its marks counts as one character, and so does an emoji of several parts.
const characters = new Intl.Segmenter();

/** The text with its middle left out, so that it takes at most so many cells: the host stays, and so does the end of the path. */
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

/** The first characters that take at most so many cells. */
function takeCells(parts: readonly string[], cells: number): string[] {
  let width = 0;
  return parts.slice(
    0,
    parts.findIndex((part) => (width += stringWidth(part)) > cells),
  );
}
