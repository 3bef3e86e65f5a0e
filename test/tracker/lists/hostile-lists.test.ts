import { expect, test } from 'vitest';
import { toCctError } from '../../../src/core/errors.ts';
import { parseList } from '../../../src/tracker/lists/list-detect.ts';
import { isHtmlPage, parseListPage } from '../../../src/tracker/lists/list-html.ts';
import { endsInLineEnd } from '../../../src/tracker/lists/list-lines.ts';
import { MOST_GROWTH, toShortGrowth } from '../../generated/growth.ts';

const HEADER = '<table><tr class="TableHeader"><td>-::DATE</td><td>-::URL</td><td>-::IP</td><td>-::TYPE</td></tr>';

/** Reads a text, or finds that it is no list; both must be quick. */
const read = (reader: (text: string) => unknown) => (text: string) => {
  try {
    reader(text);
  } catch (thrown) {
    if (toCctError(thrown).code !== 'input') throw thrown;
  }
};

const toPage = (text: string) => parseListPage(HEADER + text);

test.each<[string, string, (text: string) => unknown]>([
  ['tags of a page in the middle of one line', 'a <body></body>', (text) => isHtmlPage(`x${text}`)],
  ['tags within each other', '<table>', (text) => isHtmlPage(`x${text}`)],
  ['tables within the table', '<table>', toPage],
  ['tags that close what was never opened', '<a></b>', toPage],
  ['a link with links in it', 'index.php?', (text) => toPage(`<a href="${text}">`)],
  ['a link with many offsets', '&s=1', (text) => toPage(`<a href="index.php?${text}">`)],
  ['blank lines, and then half a line', '\n', (text) => endsInLineEnd(`a.example/x\n${text}x`)],
  ['lines that are no entries', 'x\ty\n', (text) => parseList(`date\turl\tip\tfamily\n${text}`, 'list')],
])('a hostile list is read in linear time: %s', { timeout: 60_000 }, (_what, piece, reader) => {
  const toText = (length: number) => piece.repeat(Math.ceil(length / piece.length));
  expect(toShortGrowth(read(reader), toText)).toBeLessThan(MOST_GROWTH);
});
