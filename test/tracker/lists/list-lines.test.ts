import { expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { endsInLineEnd, parseLineList } from '../../../src/tracker/lists/list-lines.ts';

const urlsOf = (text: string) => parseLineList(text).entries.map(({ url }) => url);

test('each line is an entry with a url alone', () => {
  expect(parseLineList('a.example/x?y=1&z\n192.0.2.1:8080/\n')).toEqual({
    entries: [
      { date: '', covers: 'url', url: 'a.example/x?y=1&z', ip: '', family: '' },
      { date: '', covers: 'url', url: '192.0.2.1:8080/', ip: '', family: '' },
    ],
    notes: [],
  });
});

test.each([
  'a.example\nb.example/\n',
  'a.example\r\nb.example/',
  'a.example<br />b.example/<br />',
  'a.example<br>\nb.example/<br/>\n',
  'a.example<BR />\r\nb.example/<BR>',
  ' a.example \n\n# a comment\n<pre>\nb.example/\n</pre>',
])('a list may be written as %j', (text) => {
  expect([urlsOf(text), parseLineList(text).notes]).toEqual([['a.example', 'b.example/'], []]);
});

test.each(['\n', '\r\n', '<br>', '<br/>', '<br />', '<br>\n', '<br/>\r\n', '<br />\n'])(
  'lines end in %j, and are counted',
  (end) => {
    const { notes } = parseLineList(['a.example', 'localhost', 'b.example', 'wiki', ''].join(end));
    expect(notes.map(({ line }) => line)).toEqual([2, 4]);
  },
);

test('a url keeps every byte except a scheme before it', () => {
  const urls = ['bücher.example/New nd/%7Ex//y', 'http://c.example/?u=http://d.example/', 'x_y.example/<b>'];
  expect(urlsOf(urls.join('\n'))).toEqual([urls[0], 'c.example/?u=http://d.example/', urls[2]]);
});

test.each([
  ['localhost/x', 'no dot in the host: "localhost/x"'],
  ['a,b.example', 'not a host: "a,b.example"'],
  ['d.example\te.example', 'not a host: "d.example\\te.example"'],
  ['f.example,g', 'not a host: "f.example,g"'],
])('a line without a host is noted: %j', (line, detail) => {
  const { entries, notes } = parseLineList(`a.example\n${line}\n`);
  expect([entries.length, notes]).toEqual([1, [{ line: 2, kind: 'row-dropped', detail }]]);
});

const UNKNOWN = 'unknown list format; see `cct snapshot import --help` for the formats';
test.each([
  ['hello', UNKNOWN],
  ['a.example\nlocalhost\nhello\n', UNKNOWN],
  ['The site is down.\nPlease come back.\ntracker.example', UNKNOWN],
  ['', 'no valid rows'],
  ['# nothing\n', 'no valid rows'],
])('%j is no list', (text, message) => {
  expect(() => parseLineList(text)).toThrow(new CctError('input', message));
});

test.each([
  [true, ['a\n', 'a\r\n', '\n', 'a \n\t ', 'a \n\n', 'a<br>', 'a<br/>', 'a<br />', 'a<BR />  ', 'a<br>\n']],
  [false, ['', 'a', ' ', '\na', 'a\nb ', 'a<br />b', 'a<br>b', 'a<br', 'a<b />']],
])('it is %s that these texts end in a line end: %j', (isSo, texts) => {
  expect(texts.map(endsInLineEnd)).toEqual(texts.map(() => isSo));
});

test('more than two million lines are too many, however short', () => {
  const line = 'a.example<br>';
  expect(() => parseLineList(line.repeat(2_000_001))).toThrow('the list has more than 2,000,000 rows');
});
