import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { csvFormat } from '../../src/exports/csv.ts';
import { hostileEntries } from './hostile-entries.ts';
import { exportAll, leftOutOf, textOf, toEntry, toList } from './lists.ts';

function rowsOf(list: ReturnType<typeof toList>): string[][] {
  return parse(textOf(exportAll(csvFormat, list)), { record_delimiter: '\n' });
}

describe('the csv of a list', () => {
  test('has a row an entry with its place in columns', () => {
    const shared = { ip: '198.51.100.7' };
    const list = toList(
      toEntry('PANEL.example:443/d12/?m=login', shared),
      toEntry('b.example:8080/%7Ea/', { ...shared, family: 'ZeuS, "2"', date: '' }),
      toEntry('whole.example', { covers: 'host' }),
      toEntry('192.0.2.50/gate/'),
      toEntry('', { ip: '192.0.2.51' }),
    );
    expect(rowsOf(list)).toEqual([
      ['ip', 'host', 'port', 'path', 'url_key', 'family', 'first_listed', 'shared'],
      ['198.51.100.7', 'panel.example', '', '/d12?m=login', 'panel.example/d12?m=login', 'Pony', '2018-01-14', '2'],
      ['198.51.100.7', 'b.example', '8080', '/~a', 'b.example:8080/~a', 'ZeuS, "2"', '', '2'],
      ['', 'whole.example', '', '*', 'whole.example', 'Pony', '2018-01-14', ''],
      ['192.0.2.50', '192.0.2.50', '', '/gate', '192.0.2.50/gate', 'Pony', '2018-01-14', '1'],
      ['192.0.2.51', '', '', '', '', 'Pony', '2018-01-14', '1'],
    ]);
  });

  test('has no private address, and both addresses of a host that is one', () => {
    const list = toList(toEntry('a.example', { ip: '10.0.0.8' }), '10.0.0.9/x', toEntry('192.0.2.50/x', { ip: '192.0.2.51' }));
    expect(rowsOf(list).map(([ip, host]) => [ip, host])).toEqual([
      ['ip', 'host'],
      ['', 'a.example'],
      ['', '10.0.0.9'],
      ['192.0.2.50', '192.0.2.50'],
      ['192.0.2.51', ''],
    ]);
  });

  test('has one line a row, and no formula, whatever is listed', () => {
    const exported = exportAll(csvFormat, { ...toList(), entries: hostileEntries });
    const text = textOf(exported);
    const rows = rowsOf({ ...toList(), entries: hostileEntries });
    expect(text.split('\n')).toHaveLength(rows.length + 1);
    expect(text).not.toMatch(/[\r\0\u202E]/);
    expect(text.isWellFormed()).toBe(true);
    expect(rows.flat().filter((cell) => /^[=+@\t]/.test(cell))).toEqual([]);
    expect(rows.map(([, , , , , family]) => family)).toContain("'=cmd|calc");
    expect(leftOutOf(exported).map((line) => line.replace(/^\d+ /, ''))).toEqual([
      'no host name',
      'a control character in the path',
      'not a valid URL',
    ]);
  });
});
