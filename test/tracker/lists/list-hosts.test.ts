import { expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { isHostsHeader, parseHostList } from '../../../src/tracker/lists/list-hosts.ts';

const HEADER = 'Domain,Malware,Date added,Source';
const read = (...rows: readonly string[]) => parseHostList([HEADER, ...rows, ''].join('\n'));

function errorOf(text: string): unknown {
  try {
    return parseHostList(text);
  } catch (thrown) {
    return thrown instanceof CctError ? [thrown.code, thrown.message] : thrown;
  }
}

test('a host list gives entries about whole hosts', () => {
  expect(read('a.example,pony,2022-10-13,CyberCrime', '"b.example:8080","a, ""b""",1970-01-01,x')).toEqual({
    entries: [
      { date: '2022-10-13', covers: 'host', url: 'a.example', ip: '', family: 'pony' },
      { date: '', covers: 'host', url: 'b.example:8080', ip: '', family: 'a, "b"' },
    ],
    notes: [],
  });
});

test('cells are trimmed, lines may end in CRLF, and blank lines are no rows', () => {
  const { entries } = parseHostList(`${HEADER}\r\n\r\n a.example , pony , 2022-10-13 ,x\r\n`);
  expect(entries).toEqual([{ date: '2022-10-13', covers: 'host', url: 'a.example', ip: '', family: 'pony' }]);
});

test('a row needs no source, and a file may begin with a byte order mark', () => {
  const { entries, notes } = parseHostList(`\uFEFF${HEADER}\na.example,pony,2022-10-13\n`);
  expect([entries, notes]).toEqual([[{ date: '2022-10-13', covers: 'host', url: 'a.example', ip: '', family: 'pony' }], []]);
});

test('what no URL parser takes for a host is dropped', () => {
  const { entries, notes } = read('a.example,x,2022-10-13,y', 'b c.example,x,2022-10-13,y', 'http://,x,2022-10-13,y');
  expect(entries.map(({ url }) => url)).toEqual(['a.example']);
  expect(notes.map(({ line, detail }) => [line, detail])).toEqual([
    [3, 'not a host: "b c.example"'],
    [4, 'not a host: "http://"'],
  ]);
});

test('what is not usable is named with its line', () => {
  const { entries, notes } = read('a.example,x,13-10-2022,y', 'b.example/path,x,2022-10-13,y', ',x,2022-10-13,y', 'c.example');
  expect(entries.map(({ url, date }) => [url, date])).toEqual([['a.example', '']]);
  expect(notes).toEqual([
    { line: 2, kind: 'date-unknown', detail: 'not a YYYY-MM-DD date: "13-10-2022"' },
    { line: 3, kind: 'row-dropped', detail: 'not a host: "b.example/path"' },
    { line: 4, kind: 'row-dropped', detail: 'not a host: ""' },
    { line: 5, kind: 'row-dropped', detail: 'expected 4 columns, found 1' },
  ]);
});

test.each([
  [`${HEADER}\n`, 'the list has no valid rows'],
  [`${HEADER}\na.example,"x,2022-10-13,y\n`, 'line 2: invalid CSV (CSV_QUOTE_NOT_CLOSED)'],
])('%j is no host list', (text, message) => {
  expect(errorOf(text)).toEqual(['input', message]);
});

test('broken csv keeps what the reader of csv said of it', () => {
  let thrown: unknown;
  try {
    parseHostList(`${HEADER}\na.example,"x,2022-10-13,y\n`);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: 'input', cause: { code: 'CSV_QUOTE_NOT_CLOSED' } });
});

test('the header is told whatever its case', () => {
  const headers = [HEADER, 'domain,malware,date added,source', ` ${HEADER} `, 'Domain,Malware', 'type,value', `${HEADER},more`];
  expect(headers.map(isHostsHeader)).toEqual([true, true, true, false, false, false]);
});
