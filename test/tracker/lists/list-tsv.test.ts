import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { countNotes, toNewestDate } from '../../../src/tracker/lists/list-reading.ts';
import { parseTsvList } from '../../../src/tracker/lists/list-tsv.ts';

const HEADER = 'date\turl\tip\tfamily';

const read = (...rows: readonly string[]) => parseTsvList([HEADER, ...rows, ''].join('\n'));

test('rows become entries, in the order of the list', () => {
  expect(read('14-01-2018\tpanel.example/d12/cp.php?m=login\t198.51.100.60\tPony', '02-12-2017\t192.0.2.50/\t\tAZORult')).toEqual(
    {
      entries: [
        { date: '2018-01-14', covers: 'url', url: 'panel.example/d12/cp.php?m=login', ip: '198.51.100.60', family: 'Pony' },
        { date: '2017-12-02', covers: 'url', url: '192.0.2.50/', ip: '', family: 'AZORult' },
      ],
      notes: [],
    },
  );
});

describe('a row is read without a note', () => {
  test.each<[what: string, row: string, cells: string]>([
    [
      'with any bytes in its url',
      '14-01-2018\ta.example/New nd/%7Ex//y.php?a=1&b=2#c \t\t',
      'a.example/New nd/%7Ex//y.php?a=1&b=2#c',
    ],
    ['with blanks around its url', '14-01-2018\t b.example\t\t', 'b.example'],
    ['with an international host', '14-01-2018\tbücher.example/Ü\t\t', 'bücher.example/Ü'],
    ['with a scheme', '14-01-2018\thttp://c.example/?u=http://d.example/\t\t', 'c.example/?u=http://d.example/'],
    ['with blanks around its date', ' 14-01-2018 \ta.example\t\tPony', 'a.example  Pony'],
    [
      'with blanks and a written tab around its address',
      '14-01-2018\ta.example\t 203.0.113.7\\t\t Pony ',
      'a.example 203.0.113.7 Pony',
    ],
    ['with a written tab in its family', '14-01-2018\ta.example\t203.0.113.8 \tA\\tB', 'a.example 203.0.113.8 A\tB'],
    ['without a url', '14-01-2018\t\t203.0.113.7\tPony', ' 203.0.113.7 Pony'],
  ])('%s', (_what, row, cells) => {
    const { entries, notes } = read(row);
    const texts = entries.map(({ date, url, ip, family }) => `${date} ${url} ${ip} ${family}`.trimEnd());
    expect([texts, notes]).toEqual([[`2018-01-14 ${cells}`], []]);
  });

  test('with the date 01-01-1970, which is none', () => {
    const { entries, notes } = read('01-01-1970\ta.example\t\tPony');
    expect([entries.map(({ date }) => date), notes]).toEqual([[''], []]);
  });

  test('with CRLF at its end, and the last one with nothing', () => {
    const rows = [HEADER, '14-01-2018\ta.example\t\tPony', '13-01-2018\tb.example\t\tZeuS'];
    expect(parseTsvList(rows.join('\r\n')).entries.map(({ url, family }) => `${url} ${family}`)).toEqual([
      'a.example Pony',
      'b.example ZeuS',
    ]);
  });
});

describe('a problem is noted with its line', () => {
  const idn = String.fromCodePoint(...Array.from({ length: 100 }, (_, at) => 0x4e00 + 40 * at));

  test.each<[row: string, kept: string | undefined, ...notes: string[]]>([
    ['14-01-2018\ta.example\tFastFlux\tPony', '2018-01-14 ', 'address-ignored: not an IPv4 address: "FastFlux"'],
    ['14-01-2018\ta.example\t203.0.113.7]\tPony', '2018-01-14 ', 'address-ignored: not an IPv4 address: "203.0.113.7]"'],
    ['14-01-2018\ta.example\t09.1.2.3\tPony', '2018-01-14 ', 'address-ignored: not an IPv4 address: "09.1.2.3"'],
    ['14-01-2018\ta.example\t\u001b[31m\tPony', '2018-01-14 ', 'address-ignored: not an IPv4 address: "\\u001b[31m"'],
    [
      '14-01-2018\ta.example\t10.40.241.172\t',
      '2018-01-14 10.40.241.172',
      'address-private: private address ignored: 10.40.241.172',
    ],
    ['14-01-2018\ta.example\t127.42.0.2\t', '2018-01-14 127.42.0.2', 'address-private: private address ignored: 127.42.0.2'],
    ['30-02-2018\ta.example\t\t', ' ', 'date-unknown: not a DD-MM-YYYY date: "30-02-2018"'],
    ['2018-01-14\ta.example\t\t', ' ', 'date-unknown: not a DD-MM-YYYY date: "2018-01-14"'],
    ['1-1-2018\ta.example\t\t', ' ', 'date-unknown: not a DD-MM-YYYY date: "1-1-2018"'],
    ['\ta.example\t\t', ' ', 'date-unknown: not a DD-MM-YYYY date: ""'],
    ['14-01-2018\t \t\tPony', undefined, 'row-dropped: no URL and no address, family "Pony"'],
    [
      '14-01-2018\t\tFastFlux\tZeuS',
      undefined,
      'address-ignored: not an IPv4 address: "FastFlux"',
      'row-dropped: no URL and no address, family "ZeuS"',
    ],
    ['14-01-2018\ta.example\tPony', undefined, 'row-dropped: expected 4 columns, found 3'],
    ['14-01-2018\ta.example\t\tPony\tmore', undefined, 'row-dropped: expected 4 columns, found 5'],
    [`14-01-2018\t${'a'.repeat(254)}/x\t203.0.113.7\t`, undefined, `row-dropped: the host is too long: "${'a'.repeat(60)}…"`],
    [`14-01-2018\t${'a.'.repeat(600)}example/x\t\t`, undefined, `row-dropped: the host is too long: "${'a.'.repeat(30)}…"`],
    [`14-01-2018\t${idn}.example/x\t\t`, undefined, `row-dropped: the host is too long: "${idn.slice(0, 60)}…"`],
  ])('%j', (row, kept, ...notes) => {
    // An empty line is no row, but counts.
    const reading = read('14-01-2018\tfirst.example\t\t', '', row);
    expect(reading.entries.slice(1).map(({ date, ip }) => `${date} ${ip}`)).toEqual(kept === undefined ? [] : [kept]);
    expect(reading.notes.map(({ line, kind, detail }) => [line, `${kind}: ${detail}`])).toEqual(notes.map((note) => [4, note]));
  });

  test('and counted by kind', () => {
    const { notes } = read('x\ta.example\tFastFlux\tPony', 'y\ta.example\t10.0.0.1\tPony', '14-01-2018\t\t\t');
    expect(countNotes(notes)).toEqual({ 'row-dropped': 1, 'address-ignored': 1, 'address-private': 1, 'date-unknown': 2 });
  });
});

const OTHER = 'line 1: expected the tab-separated header date, url, ip, family';
test.each([
  ['nothing', '', OTHER],
  ['a web page', '<html><body>Malicious</body></html>', OTHER],
  ['other columns', 'date,url,ip,family\n', OTHER],
  ['rows without a header', '14-01-2018\ta.example\t\tPony\n', OTHER],
  ['a list without a valid row', `${HEADER}\n14-01-2018\t\t\tPony\n`, 'no valid rows (ignored: 1 invalid row)'],
])('%s is an error', (_what, text, message) => {
  expect(() => parseTsvList(text)).toThrow(new CctError('input', message));
});

test('the newest date is that of the newest dated entry', () => {
  const { entries } = read('01-01-1970\ta.example\t\t', '14-01-2018\tb.example\t\t', '31-12-2017\tc.example\t\t');
  expect([toNewestDate(entries), toNewestDate(entries.slice(0, 1)), toNewestDate([])]).toEqual(['2018-01-14', '', '']);
});
