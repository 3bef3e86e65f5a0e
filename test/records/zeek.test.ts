import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unescapeZeek, zeek } from '../../src/records/zeek.ts';
import { collect, recognise } from './collect-lines.ts';

/** A log with these fields and rows, their cells divided by blanks. */
function toLog(fields: string, ...rows: string[]): string {
  const head = ['#separator \\x09', '#set_separator\t,', '#empty_field\t(empty)', '#unset_field\t-'];
  return [...head, `#fields\t${fields.replaceAll(' ', '\t')}`, ...rows.map((row) => row.replaceAll(' ', '\t'))].join('\n');
}

describe('what an input is', () => {
  test.each([
    ['Zeek TSV', '#separator \\x09\n#path\tdns'],
    ['Zeek TSV', '#separator ,'],
    ['Zeek TSV', '#fields\tindicator\tindicator_type\n'],
    ['Zeek TSV', '# a comment\n\n#fields\tindicator\tindicator_type\n'],
    [undefined, '#fields of wheat'],
    [undefined, '#Fields: date time c-ip'],
    [undefined, '192.0.2.1\n#fields\tindicator'],
    [undefined, '# indicator\n192.0.2.1'],
    [undefined, ''],
  ])('%s: %j', (title, text) => {
    expect(recognise(zeek, text)).toBe(title);
  });
});

test.each([
  ['names and answers', toLog('id.orig_h query answers', '10.0.0.5 a.example b.example,192.0.2.1,2001:db8::1')],
  ['a root dot', toLog('id.orig_h query x y z', '10.0.0.5 a.example. b.example 192.0.2.1 2001:db8::1')],
  [
    'fields that come again',
    `${toLog('id.orig_h x', '10.0.0.5 -')}\n${toLog('query y z a', 'a.example b.example 192.0.2.1 2001:db8::1')}`,
  ],
  ['another separator', '#separator |\n#fields|id.orig_h|query|answers\n10.0.0.5|a.example|b.example,192.0.2.1,2001:db8::1'],
  ['no separator line', '#fields\tid.orig_h\tquery\tanswers\n10.0.0.5\ta.example\tb.example,192.0.2.1,2001:db8::1\n#close\tx'],
  [
    'another separator of sets, by type',
    '#separator \\x09\n#set_separator\t;\n#fields\tid.orig_h\tquery\tx\n#types\taddr\tstring\tset[string]\n10.0.0.5\ta.example\tb.example;192.0.2.1;2001:db8::1',
  ],
  ['escapes', toLog('id.orig_h query answers', '10.0.0.5 a\\x2eexample b.example,192.0.2.1,2001:db8::1')],
])('reads %s', (_what, text) => {
  for (const size of [1, 2, 1000]) {
    const { found, error, notes } = collect(zeek, text.replaceAll('\n', '\r\n'), { size });
    expect({ found, error, notes }).toEqual({
      found: ['ip 10.0.0.5', 'domain a.example', 'domain b.example', 'ip 192.0.2.1', 'ipv6 2001:db8::1'],
      error: undefined,
      notes: [],
    });
  }
});

test.each([
  ['a URL', toLog('id.resp_p host uri', '80 a.example /x?y=1'), ['url http://a.example/x?y=1']],
  ['a URL at a port', toLog('host uri id.resp_p', 'a.example / 8080'), ['url http://a.example:8080/']],
  ['CONNECT', toLog('id.resp_p method host uri', '3128 CONNECT a.example a.example:443'), ['domain a.example']],
  ['a proxy', toLog('id.resp_p host uri', '3128 a.example http://a.example/x'), ['url http://a.example/x']],
  ['a host alone', toLog('id.resp_p host uri', '80 a.example -'), ['domain a.example']],
  ['nothing in', toLog('query answers', '- (empty)'), []],
  ['an own sign for nothing', '#separator \\x09\n#unset_field\tNONE.example\n#fields\tquery\nNONE.example', []],
  ['intelligence', '#fields\tindicator\tindicator_type\nb.example/x\tIntel::URL', ['url b.example/x']],
  ['other strings', toLog('ts subject', '1.5 CN=http://a.example/'), ['url http://a.example/']],
  ['more cells than fields', toLog('query', 'a.example http://b.example/'), ['domain a.example', 'url http://b.example/']],
  ['rows before any fields', '#separator \\x09\n192.0.2.1', ['ip 192.0.2.1']],
])('finds %s', (_what, text, found) => {
  expect(collect(zeek, text).found).toEqual(found);
});

test('a cut line is noted, and its last field is left out', () => {
  const result = collect(zeek, toLog('id.orig_h id.resp_h query', '10.0.0.5 10.0.0.1 a.example', '10.0.0.6 192.0.2.1'));
  expect(result.found).toEqual(['ip 10.0.0.5', 'ip 10.0.0.1', 'domain a.example', 'ip 10.0.0.6']);
  expect(result.notes).toEqual(['7: the line is cut: its last field is left out']);
  expect(result.count).toBe(2);
});

test.each([
  ['a\\x09b', 'a\tb'],
  ['\\xc3\\xa9\\xC3\\xA9', 'éé'],
  ['a\\\\x09', 'a\\x09'],
  ['\\xff', '\uFFFD'],
  ['\\x0', '\\x0'],
  ['C:\\dir', 'C:\\dir'],
])('%s is %j', (text, expected) => {
  expect(unescapeZeek(text)).toBe(expected);
});

test('any text is read back from its escapes', () => {
  const escape = (text: string) =>
    Array.from(new TextEncoder().encode(text), (byte) => {
      const character = String.fromCharCode(byte);
      return /[a-z.]/.test(character) ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
    }).join('');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(unescapeZeek(escape(text))).toBe(text);
    }),
  );
});

test('no line makes it fail', () => {
  const cell = fc.oneof(fc.constantFrom('#fields', '#types', '#separator', '#set_separator', '\\x09', '-'), fc.string());
  fc.assert(
    fc.property(fc.array(fc.array(cell)), (rows) => {
      expect(collect(zeek, rows.map((cells) => cells.join('\t')).join('\n')).error).toBeUndefined();
    }),
  );
});

test('of many cut lines the first ten are named', () => {
  const { notes } = collect(zeek, toLog('id.orig_h id.resp_h', ...Array.from({ length: 12 }, () => '10.0.0.5')));
  expect(notes).toHaveLength(11);
  expect(notes.at(-1)).toBe('2 more lines that are cut');
});
