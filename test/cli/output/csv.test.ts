import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { CsvOptions } from '../../../src/cli/output/csv.ts';
import { createCsvFormat, csvColumns } from '../../../src/cli/output/csv.ts';
import type { LedgerRow } from '../../../src/core/ledger/ledger.ts';
import { failedRow, HOSTILE, OBEYED_BUT_LINES, skippedRow, toListedRow, unlistedRow } from './rows.ts';

const names = csvColumns.map(({ heading }) => heading);

function write(rows: readonly LedgerRow[], isDefanged = false, options: Partial<CsvOptions> = {}): string {
  const format = createCsvFormat({ isDefanged, ...options });
  return rows.map((row) => format.add([row])).join('') + [...format.end()].join('');
}

/** As a spreadsheet would read it. */
const readBack = (text: string): string[][] => parse(text);

/** The cells of one row, its header aside. */
function cellsOf(row: LedgerRow, isDefanged = false): string[] {
  const [header, ...rows] = readBack(write([row], isDefanged));
  expect([header, rows.length]).toEqual([names, 1]);
  return rows[0] ?? [];
}

test('each fate has its row, below a header', () => {
  expect(write([toListedRow('a', 'Pony'), unlistedRow, skippedRow, failedRow])).toBe(
    [
      'type,value,status,reason,source,answered_at,family,first_listed,error_code,error_message,matched_by,matched_entry,matched_date,related_by,related_entry,related_newest,older_date,warnings,seen_first,seen_count,change',
      'url,http://panel.example/a,listed,,live,2026-03-01T12:34:56.789Z,Pony,2018-01-14,,,,,,,,,,,,,',
      'ip,192.0.2.1,unlisted,,live,2026-03-01T12:34:56.789Z,,,,,,,,,,,,,,,',
      'domain,panel.example,skipped,unsupported: domains need a list,,,,,,,,,,,,,,,,,',
      "ip,192.0.2.9,failed,,,,,,key error,The tracker's answer is empty,,,,,,,,,,,",
      '',
    ].join('\n'),
  );
});

test('how a hit came about has its columns, defanged where values are', () => {
  const row: LedgerRow = {
    ...toListedRow('a', 'Pony'),
    matched: { by: 'host', entry: 'panel.example/x', date: '2018-01-14', from: 'snapshot' },
  };
  expect(cellsOf(row).slice(10, 13)).toEqual(['host', 'panel.example/x', '2018-01-14']);
  expect(cellsOf(row, true).slice(10, 13)).toEqual(['host', 'panel[.]example/x', '2018-01-14']);
  expect(cellsOf({ ...row, matched: { by: 'address', entry: '=1', from: 'snapshot' } }).slice(10, 13)).toEqual([
    'address',
    "'=1",
    '',
  ]);
});

test('a change has the last column', () => {
  expect(cellsOf({ ...unlistedRow, change: 'gone' }).at(-1)).toBe('gone');
});

test('warninglists have a column, safe as all are', () => {
  expect(cellsOf({ ...toListedRow('a', 'Pony'), warnings: ['Shared names', '=1'] }).at(17)).toBe("Shared names; '=1");
  expect(cellsOf({ ...skippedRow, warnings: ['=1'] }).at(17)).toBe("'=1");
});

test('lines end with CR and LF, and a byte order mark begins, where that is chosen', () => {
  const plain = write([unlistedRow, skippedRow]);
  expect(write([unlistedRow, skippedRow], false, { hasCrlf: true })).toBe(plain.replaceAll('\n', '\r\n'));
  expect(write([unlistedRow, skippedRow], false, { hasBom: true })).toBe(`\uFEFF${plain}`);
  expect(write([], false, { hasBom: true, hasCrlf: true })).toBe(`\uFEFF${names.join(',')}\r\n`);
});

test('chosen fields are the columns, by their paths, as safe as others', () => {
  const row = { ...toListedRow('a', '=1'), matched: { by: 'host', entry: 'panel.example/x', from: 'snapshot' } } as const;
  const text = write([row], true, { fields: ['family', 'matched.entry', 'verdict.valid_time.end_time', 'older.date'] });
  expect(text).toBe(
    "family,matched.entry,verdict.valid_time.end_time,older.date\n'=1,panel[.]example/x,2026-03-08T12:34:56.789Z,\n",
  );
});

test('without rows there is the header alone', () => {
  expect(write([])).toBe(`${names.join(',')}\n`);
});

describe('a cell that a spreadsheet would take for a formula', () => {
  test.each(['=cmd()', '=1+1', '+1', '-1', '@SUM(A1)', '=HYPERLINK("http://panel.example/","x")', "=cmd|' /C calc'!A0"])(
    'is made safe and else left as it is: %s',
    (family) => {
      expect(cellsOf(toListedRow('a', family))[6]).toBe(`'${family}`);
    },
  );

  test('is made safe in the value and the type too', () => {
    expect(cellsOf({ ...skippedRow, observable: { type: '=a', value: '@b' } }).slice(0, 2)).toEqual(["'=a", "'@b"]);
  });

  test('is made safe in the reason and the message of an error too', () => {
    const error = { ...failedRow, reason: '+x', error: { type: 'fatal', code: 'unknown', message: '=x' } } as const;
    expect([cellsOf(error)[3], cellsOf(error)[9]]).toEqual(["'+x", "'=x"]);
  });

  test.each(['\t=1', '\r=1', '\n=1'])('cannot hide behind a tab or a line break: %j', (family) => {
    expect(cellsOf(toListedRow('a', family))[6]).toBe('\uFFFD=1');
  });

  test.each([
    [' =1', " '=1"],
    ['\u00A0+1', "\u00A0'+1"],
    ['a;=1', "a;'=1"],
    ['a; @x;-1', "a; '@x;'-1"],
    ['a;b =1', 'a;b =1'],
    ['＝1', "'＝1"],
    ['a;"=1', 'a;"\'=1'],
    ['a; "" "=1', 'a; "" "\'=1'],
    ['"=1', '"\'=1'],
    ["a;'=1", "a;''=1"],
    ["'=1", "''=1"],
    ["it's", "it's"],
  ])('cannot hide behind a blank, a quote or a semicolon: %j', (family, cell) => {
    expect(cellsOf(toListedRow('a', family))[6]).toBe(cell);
  });
});

test('commas, quotes and semicolons survive', () => {
  const family = 'a,b;"c" d\'';
  expect(cellsOf(toListedRow('?x=1,2"', family))).toEqual([
    ...['url', 'http://panel.example/?x=1,2"', 'listed', '', 'live', '2026-03-01T12:34:56.789Z', family, '2018-01-14'],
    ...['', '', '', '', '', '', '', '', '', '', '', '', ''],
  ]);
});

test('control characters and marks that reorder are never raw', () => {
  const text = write([toListedRow(HOSTILE, HOSTILE), { ...skippedRow, reason: HOSTILE }]);
  expect(text).not.toMatch(OBEYED_BUT_LINES);
  expect(text.split(/\r\n|\r|\n/)).toHaveLength(4);
});

test('a family of 10 kB stays whole', () => {
  expect(cellsOf(toListedRow('a', 'x'.repeat(10_240)))[6]).toBe('x'.repeat(10_240));
});

test('a defanged value is only defanged, and only where it is the value', () => {
  const row = toListedRow('index.php', 'http://family.example/');
  const cells = cellsOf(row, true);
  expect([cells[1], cells[6]]).toEqual(['hxxp://panel[.]example/index.php', 'http://family.example/']);
});

test('what is near an unlisted observable has its columns, and an undated entry is not an empty cell', () => {
  const row = unlistedRow;
  const related = { by: 'host', entries: 2, newest: '2018-01-14', entry: 'panel.example/x' } as const;
  expect(cellsOf({ ...row, related, older: { date: '2017-01-01', entry: 'x' } }).slice(13, 17)).toEqual([
    'host',
    'panel.example/x',
    '2018-01-14',
    '2017-01-01',
  ]);
  const undated = { ...row, related: { ...related, newest: null }, older: { date: null, entry: 'x' } };
  expect(cellsOf(undated, true).slice(13, 17)).toEqual(['host', 'panel[.]example/x', '', 'unknown']);
});

test('where a value was seen has its columns', () => {
  const first = { file: 'a.log', line: 3 };
  expect(cellsOf({ ...unlistedRow, seen: { first, count: 2, last: first } }).slice(18, 20)).toEqual(['a.log:3', '2']);
  expect(cellsOf({ ...unlistedRow, seen: { first } }).slice(18, 20)).toEqual(['a.log:3', '']);
});
