import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { isHtmlPage, parseListPage } from '../../../src/tracker/lists/list-html.ts';
import type { ListEntry } from '../../helpers/fake-pages.ts';
import { renderHome, renderTable } from '../../helpers/fake-pages.ts';
import { HEADER, page, toRow } from './list-pages.ts';

const cellsOf = (text: string) =>
  parseListPage(text).entries.map(({ date, url, ip, family }) => [date, url, ip, family].join('|'));

function errorOf(text: string): unknown {
  try {
    return parseListPage(text);
  } catch (thrown) {
    return thrown instanceof CctError ? [thrown.code, thrown.message] : thrown;
  }
}

describe('open elements', () => {
  const nested = (depth: number) => `${'<i>'.repeat(depth)}${page(toRow('01-02-2026', 'a.example', '', 'Pony'))}`;

  test('are limited to 500', () => {
    expect(errorOf(nested(600))).toEqual(['input', 'more than 500 nested tags; this is not the list']);
    expect(cellsOf(nested(400))).toEqual(['2026-02-01|a.example||Pony']);
    expect(isHtmlPage('<i>'.repeat(500))).toBe(false);
    expect(() => isHtmlPage('<i>'.repeat(501))).toThrow(CctError);
  });
});

test('a text is a page where a tag of a document is on a line that begins with a tag', () => {
  const texts = ['x<body>\n <body>', 'x<body><table>\ny <body>', '\n\n  <b><html>', 'a.example/<table>\nb.example/<table>'];
  expect(texts.map(isHtmlPage)).toEqual([true, false, true, false]);
});

describe('a page as recorded', () => {
  const entries: readonly ListEntry[] = [
    { date: '02-03-2026', url: 'panel.example/a?b=1&c <d>', ip: '192.0.2.1', family: 'ZeuS "Cit" <x>' },
    { date: '01-01-1970', url: '198.51.100.7:8080/login', ip: '', family: '' },
  ];
  const text = renderTable(entries, new URLSearchParams());

  test('has its rows, with entities decoded', () => {
    expect(parseListPage(text)).toEqual({
      entries: [
        { date: '2026-03-02', covers: 'url', url: 'panel.example/a?b=1&c <d>', ip: '192.0.2.1', family: 'ZeuS "Cit" <x>' },
        { date: '', covers: 'url', url: '198.51.100.7:8080/login', ip: '', family: '' },
      ],
      notes: [],
      rowCount: 2,
      lastOffset: 0,
    });
  });

  test('without rows is a page without rows', () => {
    expect(parseListPage(renderTable([], new URLSearchParams()))).toEqual({ entries: [], notes: [], rowCount: 0, lastOffset: 0 });
  });

  test.each(['</table>', '</tr>', '<tr><td>', '</td>'])(
    'is cut anywhere before its end is an error: before the last %s',
    (tag) => {
      expect(errorOf(text.slice(0, text.lastIndexOf(tag)))).toEqual(['input', 'the page is truncated: the table does not end']);
    },
  );

  test('is read correctly at the edges of the chunks', () => {
    const many = Array.from({ length: 2000 }, (_, at) => ({
      date: '01-02-2026',
      url: `h${at}.example/ü&<`,
      ip: '192.0.2.9',
      family: `f&${at}`,
    }));
    const read = parseListPage(renderTable(many, new URLSearchParams('m=5000')));
    expect(read.entries.map(({ url, family }) => [url, family])).toEqual(many.map(({ url, family }) => [url, family]));
  });
});

describe('a table', () => {
  test('may leave out end tags, be in capitals, and have links and other markup in its cells', () => {
    const rows = '<TR><TD>01-02-2026<TD><b>a.example</b>/x<TD><a href="/x">192.0.2.1</a><TD>Po<i>ny</i><TD><img>';
    expect(cellsOf(page(rows, rows))).toEqual(['2026-02-01|a.example/x|192.0.2.1|Pony', '2026-02-01|a.example/x|192.0.2.1|Pony']);
  });

  test('may have its columns in another order, and its class among others', () => {
    const text =
      '<table><tr class="x TableHeader y"><th>-::TYPE<th>-::URL<th>-::DATE<th>-::IP</tr>' +
      '<tr><td>Pony<td>a.example<td>01-02-2026<td>192.0.2.1</tr></table>';
    expect(cellsOf(text)).toEqual(['2026-02-01|a.example|192.0.2.1|Pony']);
  });

  test('may have others around it, beside it, and in its cells', () => {
    const inner = '<table><tr><td>in</td></tr></table>';
    const text = `<table><tr><td>${inner}${page(toRow('01-02-2026', 'a.example', '', `P${inner}`, ''))}</td></tr></table>${inner}`;
    expect(cellsOf(text)).toEqual(['2026-02-01|a.example||Pin']);
  });

  test.each([
    ['DATE', 'URL', 'IP', 'TYPE'],
    ['TYPE', 'DATE', 'URL', 'IP'],
    ['IP', 'TYPE', 'DATE', 'URL'],
    ['URL', 'IP', 'TYPE', 'DATE'],
  ])('whose rows lack the last of %s, %s, %s and %s drops them', (...columns) => {
    const cells: Readonly<Record<string, string>> = { DATE: '01-02-2026', URL: 'a.example', IP: '192.0.2.1', TYPE: 'Pony' };
    const head = `<tr class=TableHeader>${columns.map((column) => `<td>-::${column} </td>`).join('')}</tr>`;
    const whole = toRow(...columns.map((column) => cells[column] ?? ''));
    const short = toRow(...columns.slice(0, 3).map((column) => cells[column] ?? ''));
    expect(parseListPage(`<table>${head}${whole}${short}</table>`)).toMatchObject({
      entries: [{ date: '2026-02-01', url: 'a.example', ip: '192.0.2.1', family: 'Pony' }],
      notes: [{ kind: 'row-dropped', detail: 'expected at least 4 columns, found 3' }],
    });
  });

  test('is the first with such a header, which may have rows above it', () => {
    const title = toRow('<b class="TableHeader">The list</b>');
    const first = `<table>${title}${HEADER}${toRow('01-02-2026', 'a.example', '', 'Pony')}</table>`;
    const other = `<tr><td class="TableHeader">Another</td></tr>${toRow('01-02-2026', 'x.example', '', '')}`;
    const layout = `<tr><td>stray</td></tr><table>${other}</table>`;
    const { entries, rowCount } = parseListPage(`${layout}${first}${page(toRow('01-02-2026', 'b.example', '', ''))}`);
    expect([entries.map(({ url }) => url), rowCount]).toEqual([['a.example'], 1]);
  });

  test('may hold a table in a cell, whose cells are none of its own, and a cell that is in no row', () => {
    const inner = '<table><tr><td>1</td><td>2</td></tr></table>';
    const text = `<table>${HEADER}${toRow('01-02-2026', 'a.example', '', `P${inner}3`, '')}<td>lost</td></table>`;
    expect(parseListPage(text)).toMatchObject({ entries: [{ url: 'a.example', family: 'P123' }], notes: [], rowCount: 1 });
    const short = `${toRow('01-02-2026', 'a.example', '')}<td>Pony</td>`;
    expect(parseListPage(`<table>${HEADER}${short}</table>`)).toMatchObject({ entries: [], rowCount: 1 });
  });

  test('that is longer than a chunk is read once', () => {
    const rows = Array.from({ length: 1500 }, (_, at) => toRow('01-02-2026', `h${at}.example`, '', 'x'.repeat(20)));
    expect(parseListPage(page(...rows)).rowCount).toBe(1500);
  });

  test('that holds a row of too few cells drops it, with its line', () => {
    const text = page(
      toRow('01-02-2026', 'a.example', '', 'Pony', ''),
      toRow('nothing found'),
      toRow('x', 'b.example', 'FastFlux', '', ''),
    );
    expect(parseListPage(text)).toMatchObject({
      rowCount: 3,
      notes: [
        { line: 3, kind: 'row-dropped', detail: 'expected at least 4 columns, found 1' },
        { line: 4, kind: 'address-ignored', detail: 'not an IPv4 address: "FastFlux"' },
        { line: 4, kind: 'date-unknown', detail: 'not a DD-MM-YYYY date: "x"' },
      ],
    });
  });

  test.each([
    ['-::TYPE', '-::SORT'],
    ['-::IP', 'I-P'],
    ['-::DATE', '-::DATE-'],
  ])('with other columns is an error: %s is %s', (column, other) => {
    expect(errorOf(page().replace(column, other))).toEqual([
      'input',
      'line 1: expected a table with the columns DATE, URL, IP, TYPE',
    ]);
  });
});

test.each([
  ['the home page', renderHome()],
  ['a page with another table', '<table><tr><td>-::DATE</td></tr></table>'],
  ['nothing', ''],
  ['the header in a comment', `<!-- ${page()} -->`],
])('%s is not a page of the list', (_what, text) => {
  expect(errorOf(text)).toEqual(['input', "the HTML page does not contain the tracker's table"]);
});

test.each([
  [true, '\n <!DOCTYPE html>\n'],
  [true, '<head>'],
  [true, '<title>x'],
  [true, '<body>'],
  [true, '<html>'],
  [true, 'Warning: x\n<HEAD><title>Error</title>'],
  [true, '<!-- x --><body>'],
  [true, `<table>${HEADER}`],
  [false, ''],
  [false, 'a.example/x\nb.example/y\n'],
  [false, '<br />a.example/x<br />'],
  [false, 'a.example/x<html>\n'],
  [false, 'a.example/x?<body>'],
])('it is %s that %j is an HTML page', (isPage, text) => {
  expect(isHtmlPage(text)).toBe(isPage);
});
