import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { sampleSnapshotText } from '../../../src/tracker/snapshot/sample-snapshot.ts';
import type { Snapshot } from '../../../src/tracker/snapshot/snapshot-file.ts';
import { isDay } from '../../../src/core/day.ts';
import { isSnapshotText, parseSnapshot, toQuoted, writeSnapshot } from '../../../src/tracker/snapshot/snapshot-file.ts';

const pony = { date: '2018-01-14', covers: 'url', url: 'panel.example/cp.php', ip: '198.51.100.60', family: 'Pony' } as const;
const keitaro = { date: '', covers: 'host', url: 'drop.example', ip: '', family: 'Keitaro' } as const;

const lines = [
  '# cct snapshot 1',
  '# date: 2018-01-31',
  '# origin: a test',
  '# entries: 2',
  '# columns: date covers url ip family',
  '2018-01-14\turl\tpanel.example/cp.php\t198.51.100.60\tPony',
  '\thost\tdrop.example\t\tKeitaro',
];
const text = `${lines.join('\n')}\n`;
const snapshot: Snapshot = { date: '2018-01-31', origin: 'a test', entries: [pony, keitaro] };

/** The text with one line, counted from 1, replaced. */
const withLine = (line: number, replacement: string): string =>
  `${lines.map((old, at) => (at === line - 1 ? replacement : old)).join('\n')}\n`;

const withoutLine = (line: number): string => `${lines.toSpliced(line - 1, 1).join('\n')}\n`;

function errorOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (thrown) {
    return thrown instanceof CctError ? [thrown.code, thrown.message] : thrown;
  }
}

describe('the format', () => {
  test('is written and read as documented', () => {
    expect([writeSnapshot(snapshot), parseSnapshot(text)]).toEqual([text, snapshot]);
  });

  test.each<[string, Snapshot]>([
    ['no entries', { date: '2018-01-31', origin: '', entries: [] }],
    ['an address and no url', { ...snapshot, entries: [{ ...pony, url: '' }] }],
    ['more than nine entries', { ...snapshot, origin: 'a test of many', entries: Array.from({ length: 12 }, () => pony) }],
  ])('may have %s', (_what, given) => {
    expect(parseSnapshot(writeSnapshot(given))).toEqual(given);
  });

  test('escapes what would break a line or a column', () => {
    const odd = { ...pony, family: 'a\tb\r\nc\\d\u001b[31m\u0085\ud800' };
    const written = writeSnapshot({ ...snapshot, entries: [odd] });
    expect(written.split('\n')[5]).toBe(
      '2018-01-14\turl\tpanel.example/cp.php\t198.51.100.60\ta\\tb\\r\\nc\\\\d\\u001b[31m\\u0085\\ud800',
    );
    expect(parseSnapshot(written)).toEqual({ ...snapshot, entries: [odd] });
  });

  const [first = '', date = '', origin = '', entries = '', columns = '', ...rows] = lines;
  test.each([
    ['an origin without a blank before it', text.replace('# origin: ', '# origin:')],
    ['header lines in another order, and comments', [first, columns, '# x', entries, origin, date, ...rows, ''].join('\n')],
    ['CRLF line ends of an editor', text.replaceAll('\n', '\r\n')],
  ])('is read with %s', (_what, given) => {
    expect(parseSnapshot(given)).toEqual(snapshot);
  });
});

describe('an invalid file is an error that names the line', () => {
  test.each([
    ['nothing', '', 'line 1: expected "# cct snapshot 1", the first line of a cct snapshot'],
    ['another format', 'date\turl\tip\tfamily\n', 'line 1: expected "# cct snapshot 1", the first line of a cct snapshot'],
    ['another version', withLine(1, '# cct snapshot 2'), 'line 1: unsupported snapshot version "2"; this cct reads version 1'],
    ['no date line', withoutLine(2), 'line 5: expected the header line "# date: …" before this'],
    ['no origin line', withoutLine(3), 'line 5: expected the header line "# origin: …" before this'],
    ['no entries line', withoutLine(4), 'line 5: expected the header line "# entries: …" before this'],
    ['no columns line', withoutLine(5), 'line 5: expected the header line "# columns: …" before this'],
    ['a header date that is none', withLine(2, '# date: 31-01-2018'), 'line 2: expected a YYYY-MM-DD date, found "31-01-2018"'],
    [
      'a header line among the rows',
      `${withoutLine(2)}# date: 2018-01-31\n`,
      'line 5: expected the header line "# date: …" before this',
    ],
    ['a count with more behind it', withLine(4, '# entries: 2x'), 'line 4: expected a number of entries, found "2x"'],
    ['a count that is none', withLine(4, '# entries: -2'), 'line 4: expected a number of entries, found "-2"'],
    ['fewer rows than the header says', withoutLine(7), 'the header says 2 entries, but the file has 1; it is truncated'],
    ['more rows than the header says', `${text}${lines[6] ?? ''}\n`, 'the header says 2 entries, but the file has 3'],
    ['a file cut inside its last cell', text.slice(0, -4), 'line 7: the file is truncated: the last line has no line break'],
    [
      'other columns',
      withLine(5, '# columns: url ip'),
      'line 5: expected the columns "date covers url ip family", found "url ip"',
    ],
    ['a row with a column too few', withLine(6, '2018-01-14\turl\ta.example\t'), 'line 6: expected 5 columns, found 4'],
    ['a row with a column too many', withLine(7, '\turl\ta.example\t\t\t'), 'line 7: expected 5 columns, found 6'],
    ['an empty line among the rows', withLine(6, ''), 'line 6: expected 5 columns, found 1'],
    [
      'a day that does not exist',
      withLine(6, '2018-02-30\turl\ta.example\t\t'),
      'line 6: expected a YYYY-MM-DD date or nothing, found "2018-02-30"',
    ],
    ['another kind of cover', withLine(6, '\tpath\ta.example\t\t'), 'line 6: expected url or host, found "path"'],
    ['a row that names nothing', withLine(6, '2018-01-14\turl\t\t\tPony'), 'line 6: expected a url or an address, found neither'],
    ['an unknown escape', withLine(6, '\turl\ta.example\\x\t\t'), 'line 6: unknown escape "\\\\x"'],
    ['an escape cut short', withLine(6, '\turl\ta.example\t\tPony\\'), 'line 6: unknown escape "\\\\"'],
  ])('%s', (_what, broken, message) => {
    expect(errorOf(() => parseSnapshot(broken))).toEqual(['input', message]);
  });

  test('it is an error at whatever byte a file is truncated', () => {
    const codes = Array.from({ length: text.length }, (_, length) => errorOf(() => parseSnapshot(text.slice(0, length))));
    expect(codes).toHaveLength(text.length);
    expect(codes.filter((error) => !Array.isArray(error) || error[0] !== 'input')).toEqual([]);
  });

  test('text of the file is quoted, short and harmless to a terminal', () => {
    const hostile = withLine(6, `\u001b[31m${'x'.repeat(99)}\turl\t\t\t`);
    expect(errorOf(() => parseSnapshot(hostile))).toEqual([
      'input',
      `line 6: expected a YYYY-MM-DD date or nothing, found "\\u001b[31m${'x'.repeat(55)}…"`,
    ]);
  });
});

test('a day is a date of the calendar', () => {
  const invalid = ['2017-02-29', '2018-04-31', '2018-13-01', '2018-00-10', '2018-1-1', '20180101', ''];
  const incomplete = ['2018', '2018-01', '+012018-01-31', '2018-01-31T'];
  expect(['2018-01-31', '2016-02-29', ...invalid, ...incomplete].filter(isDay)).toEqual(['2018-01-31', '2016-02-29']);
});

test('a snapshot file is detected by its first words, whatever its version', () => {
  expect(['# cct snapshot 1\n', '# cct snapshot 9', '# cct', 'date\turl'].map(isSnapshotText)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('a quote has at most 60 characters', () => {
  expect([toQuoted('x'.repeat(60)), toQuoted('x'.repeat(61))]).toEqual([`"${'x'.repeat(60)}"`, `"${'x'.repeat(60)}…"`]);
});

describe('the sample', () => {
  const sample = parseSnapshot(sampleSnapshotText);

  test('it is written as cct writes snapshots', () => {
    expect(writeSnapshot(sample)).toBe(sampleSnapshotText);
  });

  test('it holds reserved names and addresses only', () => {
    const hosts = sample.entries.map(({ url }) => url.replace(/[:/].*$/, '')).filter((host) => !host.endsWith('.example'));
    const addresses = [...hosts, ...sample.entries.map(({ ip }) => ip).filter((ip) => ip !== '')];
    expect(addresses).not.toEqual([]);
    expect(addresses.filter((address) => !/^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/.test(address))).toEqual([]);
  });

  test('it lists the panel of the examples, and not what they show as unlisted', () => {
    expect(sample.entries[0]).toEqual({ ...pony, url: 'panel.example/d12/cp.php?m=login' });
    expect(sampleSnapshotText).not.toMatch(/\b192\.0\.2\.1\b|unlisted\.example/);
  });
});
