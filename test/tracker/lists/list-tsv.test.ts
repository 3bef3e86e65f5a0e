import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { countNotes, toNewestDate } from '../../../src/tracker/lists/list-reading.ts';
import { parseTsvList } from '../../../src/tracker/lists/list-tsv.ts';

const HEADER = 'date\turl\tip\tfamily';

const read = (...rows: readonly string[]) => parseTsvList([HEADER, ...rows, ''].join('\n'));

function errorOf(text: string): unknown {
  try {
    return parseTsvList(text);
  } catch (thrown) {
    return thrown instanceof CctError ? [thrown.code, thrown.message] : thrown;
  }
}

describe('a usable row', () => {
  test('becomes an entry, in the order of the list', () => {
    expect(
      read('14-01-2018\tpanel.example/d12/cp.php?m=login\t198.51.100.60\tPony', '02-12-2017\t192.0.2.50/\t\tAZORult'),
    ).toEqual({
      entries: [
        { date: '2018-01-14', covers: 'url', url: 'panel.example/d12/cp.php?m=login', ip: '198.51.100.60', family: 'Pony' },
        { date: '2017-12-02', covers: 'url', url: '192.0.2.50/', ip: '', family: 'AZORult' },
      ],
      notes: [],
    });
  });

  test('keeps every byte of its url but the space around it and a scheme before it', () => {
    const urls = [
      'a.example/New nd/%7Ex//y.php?a=1&b=2#c ',
      ' b.example',
      'bücher.example/Ü',
      'http://c.example/?u=http://d.example/',
    ];
    expect(read(...urls.map((url) => `14-01-2018\t${url}\t\t`)).entries.map(({ url }) => url)).toEqual([
      'a.example/New nd/%7Ex//y.php?a=1&b=2#c',
      'b.example',
      'bücher.example/Ü',
      'c.example/?u=http://d.example/',
    ]);
  });

  test('may have padding around its date', () => {
    const { entries, notes } = read(' 14-01-2018 \ta.example\t\tPony');
    expect([entries.map(({ date }) => date), notes]).toEqual([['2018-01-14'], []]);
  });

  test('may have padding around its address and family, also a tab written as two characters', () => {
    const { entries, notes } = read(
      '14-01-2018\ta.example\t 203.0.113.7\\t\t Pony ',
      '14-01-2018\ta.example\t203.0.113.8 \tA\\tB',
    );
    expect(entries.map(({ ip, family }) => [ip, family])).toEqual([
      ['203.0.113.7', 'Pony'],
      ['203.0.113.8', 'A\tB'],
    ]);
    expect(notes).toEqual([]);
  });

  test('may have an address and no url, or no family', () => {
    const { entries, notes } = read('14-01-2018\t\t203.0.113.7\tPony', '14-01-2018\ta.example\t\t');
    expect(entries.map(({ url, ip, family }) => [url, ip, family])).toEqual([
      ['', '203.0.113.7', 'Pony'],
      ['a.example', '', ''],
    ]);
    expect(notes).toEqual([]);
  });

  test('with the date 01-01-1970 is undated, which is no surprise', () => {
    const { entries, notes } = read('01-01-1970\ta.example\t\tPony');
    expect([entries.map(({ date }) => date), notes]).toEqual([[''], []]);
  });

  test('may end in CRLF, and the last one in nothing', () => {
    const rows = [HEADER, '14-01-2018\ta.example\t\tPony', '13-01-2018\tb.example\t\tZeuS'];
    expect(parseTsvList(rows.join('\r\n')).entries.map(({ url, family }) => [url, family])).toEqual([
      ['a.example', 'Pony'],
      ['b.example', 'ZeuS'],
    ]);
  });
});

describe('what is not usable is named with its line', () => {
  test('an address that is none is left out of its entry', () => {
    const { entries, notes } = read(
      '14-01-2018\ta.example\tFastFlux\tPony',
      '14-01-2018\ta.example\t203.0.113.7]\tPony',
      '14-01-2018\ta.example\t09.1.2.3\tPony',
    );
    expect(entries.map(({ ip }) => ip)).toEqual(['', '', '']);
    expect(notes).toEqual([
      { line: 2, kind: 'address-ignored', detail: 'not an IPv4 address: "FastFlux"' },
      { line: 3, kind: 'address-ignored', detail: 'not an IPv4 address: "203.0.113.7]"' },
      { line: 4, kind: 'address-ignored', detail: 'not an IPv4 address: "09.1.2.3"' },
    ]);
  });

  test('a private address stays in its entry', () => {
    const { entries, notes } = read('14-01-2018\ta.example\t10.40.241.172\tPony', '14-01-2018\ta.example\t127.42.0.2\tPony');
    expect(entries.map(({ ip }) => ip)).toEqual(['10.40.241.172', '127.42.0.2']);
    expect(notes).toEqual([
      { line: 2, kind: 'address-private', detail: 'private address ignored: 10.40.241.172' },
      { line: 3, kind: 'address-private', detail: 'private address ignored: 127.42.0.2' },
    ]);
  });

  test('a date that is none makes an undated entry', () => {
    const { entries, notes } = read(...['30-02-2018', '2018-01-14', '1-1-2018', ''].map((date) => `${date}\ta.example\t\tPony`));
    expect(entries.map(({ date }) => date)).toEqual(['', '', '', '']);
    expect(notes).toEqual([
      { line: 2, kind: 'date-unknown', detail: 'not a DD-MM-YYYY date: "30-02-2018"' },
      { line: 3, kind: 'date-unknown', detail: 'not a DD-MM-YYYY date: "2018-01-14"' },
      { line: 4, kind: 'date-unknown', detail: 'not a DD-MM-YYYY date: "1-1-2018"' },
      { line: 5, kind: 'date-unknown', detail: 'not a DD-MM-YYYY date: ""' },
    ]);
  });

  test('a row with nothing to match by, or with other columns, is dropped; an empty line is no row', () => {
    const { entries, notes } = read(
      '14-01-2018\ta.example\t\tPony',
      '',
      '14-01-2018\t \t\tPony',
      '14-01-2018\t\tFastFlux\tZeuS',
      '14-01-2018\ta.example\tPony',
      '14-01-2018\ta.example\t\tPony\tmore',
    );
    expect(entries).toHaveLength(1);
    expect(notes).toEqual([
      { line: 4, kind: 'row-dropped', detail: 'no URL and no address, family "Pony"' },
      { line: 5, kind: 'address-ignored', detail: 'not an IPv4 address: "FastFlux"' },
      { line: 5, kind: 'row-dropped', detail: 'no URL and no address, family "ZeuS"' },
      { line: 6, kind: 'row-dropped', detail: 'expected 4 columns, found 3' },
      { line: 7, kind: 'row-dropped', detail: 'expected 4 columns, found 5' },
    ]);
  });

  test('a row whose host is longer than any host is dropped', () => {
    const idn = String.fromCodePoint(...Array.from({ length: 100 }, (_, at) => 0x4e00 + 40 * at));
    const hosts = ['a'.repeat(254), `${'a.'.repeat(600)}example`, `${idn}.example`];
    const { entries, notes } = read(
      ...hosts.map((host) => `14-01-2018\t${host}/x\t203.0.113.7\tPony`),
      '14-01-2018\ta.example\t\tPony',
    );
    expect(entries.map(({ url }) => url)).toEqual(['a.example']);
    expect(notes.map(({ line, kind }) => [line, kind])).toEqual([
      [2, 'row-dropped'],
      [3, 'row-dropped'],
      [4, 'row-dropped'],
    ]);
    expect(notes[0]?.detail).toMatch(/^the host is too long: "a{60}…"$/);
  });

  test('what it quotes is harmless to a terminal', () => {
    expect(read('14-01-2018\ta.example\t\u001b[31m\tPony').notes.map(({ detail }) => detail)).toEqual([
      'not an IPv4 address: "\\u001b[31m"',
    ]);
  });

  test('notes are counted by kind', () => {
    const { notes } = read('x\ta.example\tFastFlux\tPony', 'y\ta.example\t10.0.0.1\tPony', '14-01-2018\t\t\t');
    expect(countNotes(notes)).toEqual({ 'row-dropped': 1, 'address-ignored': 1, 'address-private': 1, 'date-unknown': 2 });
  });
});

describe('what is not a list is an error', () => {
  const expected = ['input', 'line 1: expected the tab-separated header date, url, ip, family'];
  test.each([
    ['nothing', ''],
    ['a web page', '<html><body>Malicious</body></html>'],
    ['other columns', 'date,url,ip,family\n'],
    ['rows without a header', '14-01-2018\ta.example\t\tPony\n'],
  ])('%s', (_what, text) => {
    expect(errorOf(text)).toEqual(expected);
  });

  test('a list in which no row is usable', () => {
    expect(errorOf(`${HEADER}\n14-01-2018\t\t\tPony\n`)).toEqual([
      'input',
      'the list has no valid rows (ignored: 1 invalid row)',
    ]);
  });
});

test('the newest date is that of the newest dated entry', () => {
  const { entries } = read('01-01-1970\ta.example\t\t', '14-01-2018\tb.example\t\t', '31-12-2017\tc.example\t\t');
  expect([toNewestDate(entries), toNewestDate(entries.slice(0, 1)), toNewestDate([])]).toEqual(['2018-01-14', '', '']);
});
