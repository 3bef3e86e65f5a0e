import { expect, test } from 'vitest';
import { isHostsHeader, parseHostList } from '../../../src/tracker/lists/list-hosts.ts';

const HEADER = 'Domain,Malware,Date added,Source';
const read = (...rows: readonly string[]) => parseHostList([HEADER, ...rows, ''].join('\n'));

test('a host list has entries that cover their hosts', () => {
  expect(read('a.example,pony,2022-10-13,CyberCrime', '"b.example:8080","a, ""b""",1970-01-01,x')).toEqual({
    entries: [
      { date: '2022-10-13', covers: 'host', url: 'a.example', ip: '', family: 'pony' },
      { date: '', covers: 'host', url: 'b.example:8080', ip: '', family: 'a, "b"' },
    ],
    notes: [],
  });
});

test.each([
  ['CRLF, a blank line and blanks around cells', `${HEADER}\r\n\r\n a.example , pony , 2022-10-13 ,x\r\n`],
  ['a byte order mark, and no source', `\uFEFF${HEADER}\na.example,pony,2022-10-13\n`],
])('a list may have %s', (_what, text) => {
  expect(parseHostList(text)).toEqual({
    entries: [{ date: '2022-10-13', covers: 'host', url: 'a.example', ip: '', family: 'pony' }],
    notes: [],
  });
});

test.each([
  ['a.example,x,13-10-2022,y', 1, 'date-unknown', 'not a YYYY-MM-DD date: "13-10-2022"'],
  ['b.example/path,x,2022-10-13,y', 0, 'row-dropped', 'not a host: "b.example/path"'],
  ['b c.example,x,2022-10-13,y', 0, 'row-dropped', 'not a host: "b c.example"'],
  ['"http://",x,2022-10-13,y', 0, 'row-dropped', 'not a host: "http://"'],
  [',x,2022-10-13,y', 0, 'row-dropped', 'not a host: ""'],
  ['c.example', 0, 'row-dropped', 'expected 4 columns, found 1'],
])('a problem is noted with its line: %j', (row, kept, kind, detail) => {
  const { entries, notes } = read('first.example,x,2022-10-13,y', row);
  expect([entries.length, notes]).toEqual([1 + kept, [{ line: 3, kind, detail }]]);
});

test.each([
  [`${HEADER}\n`, 'no valid rows', {}],
  [
    `${HEADER}\na.example,"x,2022-10-13,y\n`,
    'line 2: invalid CSV (CSV_QUOTE_NOT_CLOSED)',
    { cause: expect.objectContaining({ code: 'CSV_QUOTE_NOT_CLOSED' }) as unknown },
  ],
])('%j is an error', (text, message, more) => {
  expect(() => parseHostList(text)).toThrow(expect.objectContaining({ code: 'input', message, ...more }));
});

test('the header is recognised in any case', () => {
  const headers = [HEADER, 'domain,malware,date added,source', ` ${HEADER} `, 'Domain,Malware', 'type,value', `${HEADER},more`];
  expect(headers.map(isHostsHeader)).toEqual([true, true, true, false, false, false]);
});
