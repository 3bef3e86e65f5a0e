import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { endsInLineEnd, parseLineList } from '../../../src/tracker/lists/list-lines.ts';

const urlsOf = (text: string) => parseLineList(text).entries.map(({ url }) => url);

function errorOf(text: string): unknown {
  try {
    return parseLineList(text);
  } catch (thrown) {
    return thrown instanceof CctError ? [thrown.code, thrown.message] : thrown;
  }
}

describe('a list of lines', () => {
  test('gives an entry a line, of which nothing but the url is known', () => {
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
  ])('may be written as %j', (text) => {
    expect(urlsOf(text)).toEqual(['a.example', 'b.example/']);
    expect(parseLineList(text).notes).toEqual([]);
  });

  test.each(['\n', '\r\n', '<br>', '<br/>', '<br />', '<br>\n', '<br/>\r\n', '<br />\n'])(
    'counts a line for each end, such as %j',
    (end) => {
      const { notes } = parseLineList(['a.example', 'localhost', 'b.example', 'wiki', ''].join(end));
      expect(notes.map(({ line }) => line)).toEqual([2, 4]);
    },
  );

  test('keeps every byte but a scheme before it', () => {
    const urls = ['bücher.example/New nd/%7Ex//y', 'http://c.example/?u=http://d.example/', 'x_y.example/<b>'];
    expect(urlsOf(urls.join('\n'))).toEqual([urls[0], 'c.example/?u=http://d.example/', urls[2]]);
  });

  test('names with its line what has no host', () => {
    const { entries, notes } = parseLineList(
      'a.example\nlocalhost/x\nb.example\na,b.example\nc.example\nd.example\te.example\nf.example,g\nh.example\n',
    );
    expect([entries.length, notes]).toEqual([
      4,
      [
        { line: 2, kind: 'row-dropped', detail: 'no dot in the host: "localhost/x"' },
        { line: 4, kind: 'row-dropped', detail: 'not a host: "a,b.example"' },
        { line: 6, kind: 'row-dropped', detail: 'not a host: "d.example\\te.example"' },
        { line: 7, kind: 'row-dropped', detail: 'not a host: "f.example,g"' },
      ],
    ]);
  });
});

test('a list of which half the lines name no host is one, and with one line more none', () => {
  expect(urlsOf('a.example\nlocalhost\n')).toEqual(['a.example']);
  expect(errorOf('a.example\nlocalhost\nhello\n')).toEqual([
    'input',
    'unknown list format; see `cct snapshot import --help` for the formats',
  ]);
});

test.each([
  ['hello', 'unknown list format; see `cct snapshot import --help` for the formats'],
  [
    'The site is down.\nPlease come back.\ntracker.example',
    'unknown list format; see `cct snapshot import --help` for the formats',
  ],
  ['', 'the list has no valid rows'],
  ['# nothing\n', 'the list has no valid rows'],
])('%j is no list', (text, message) => {
  expect(errorOf(text)).toEqual(['input', message]);
});

test.each(['a\n', 'a\r\n', '\n', 'a \n\t ', 'a<br>', 'a<br/>', 'a<br />', 'a<BR />  ', 'a<br>\n'])(
  '%j ends in the end of a line',
  (text) => {
    expect(endsInLineEnd(text)).toBe(true);
  },
);

test.each(['', 'a', ' ', '\na', 'a\nb ', 'a<br />b', 'a<br>b', 'a<br', 'a<b />'])('%j does not', (text) => {
  expect(endsInLineEnd(text)).toBe(false);
});
