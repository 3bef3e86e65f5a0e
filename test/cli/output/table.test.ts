import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { openTableFormat } from '../../../src/cli/output/table.ts';
import type { TableOptions } from '../../../src/cli/output/table.ts';
import { toTable } from '../../../src/cli/output/table-layout.ts';
import type { LedgerRow } from '../../../src/core/ledger/ledger.ts';
import { growthOf, MOST_GROWTH } from '../../generated/growth.ts';
import { failedRow, HOSTILE, OBEYED, skippedRow, toListedRow, unlistedRow } from './rows.ts';

async function write(rows: readonly LedgerRow[], options: Partial<TableOptions> = {}) {
  const format = await openTableFormat({ isDefanged: false, isColoured: false, ...options });
  const early = rows.map((row) => format.add([row])).join('');
  return { early, text: [...format.end()].join('') };
}

const linesOf = async (rows: readonly LedgerRow[]): Promise<string[]> => (await write(rows)).text.split('\n');

/** The columns, in the terminal's own cells, at which a text stands in each line that holds it. */
function columnsOf(lines: readonly string[], text: string): number[] {
  return lines.filter((line) => line.includes(text)).map((line) => stringWidth(line.slice(0, line.indexOf(text))));
}

test('each fate has its line, below a heading', async () => {
  expect((await write([toListedRow('a', 'Pony'), unlistedRow, skippedRow, failedRow])).text).toBe(
    [
      'STATUS    TYPE    VALUE                   FAMILY  FIRST LISTED  SOURCE  WHY',
      'listed    url     http://panel.example/a  Pony    2018-01-14    live',
      'unlisted  ip      192.0.2.1                                     live',
      'skipped   domain  panel.example                                         unsupported: domains need a list',
      "failed    ip      192.0.2.9                                             key error: The tracker's answer is empty",
      '',
    ].join('\n'),
  );
});

test('the change comes first where rows are compared, and a failed row has none', async () => {
  const rows: LedgerRow[] = [{ ...unlistedRow, change: 'gone' }, failedRow];
  expect((await write(rows, { hasChanges: true })).text.split('\n').map((line) => line.slice(0, 16))).toEqual([
    'CHANGE  STATUS  ',
    'gone    unlisted',
    '        failed  ',
    '',
  ]);
  expect((await write(rows)).text).not.toMatch(/change|gone/i);
});

test('what matched is the reason, defanged where values are', async () => {
  const row: LedgerRow = {
    ...toListedRow('a', 'Pony'),
    matched: { by: 'host', entry: 'panel.example/x', date: '2018-01-14', from: 'snapshot' },
  };
  expect((await linesOf([row]))[1]).toMatch(/ live {4}host: panel\.example\/x 2018-01-14$/);
  expect((await write([row], { isDefanged: true })).text).toContain('host: panel[.]example/x 2018-01-14\n');
  expect((await linesOf([{ ...row, matched: { by: 'address', entry: '192.0.2.1', from: 'snapshot' } }]))[1]).toMatch(
    / address: 192\.0\.2\.1$/,
  );
  const warning = { type: 'warning', code: 'service unavailable', message: 'Instead' } as const;
  expect((await linesOf([{ ...row, error: warning }]))[1]).toMatch(/ service unavailable: Instead$/);
});

test('warninglists have a column where a row is on one', async () => {
  const rows: LedgerRow[] = [{ ...toListedRow('a', 'Pony'), warnings: ['One list', HOSTILE] }, failedRow];
  const [heading, listed = '', failed] = await linesOf(rows);
  expect(heading).toMatch(/ SOURCE {2}WARNINGS +WHY$/);
  expect(listed).toMatch(/ live {4}One list; .*evil/);
  expect(listed).not.toMatch(OBEYED);
  expect(failed).toMatch(/ {20}key error: /);
});

test('nothing is printed before the widths are known, and without rows nothing at all', async () => {
  expect((await write([unlistedRow, toListedRow('long/path', 'Pony')])).early).toBe('');
  expect(await write([])).toEqual({ early: '', text: '' });
});

describe('what comes from outside', () => {
  test('never reaches the terminal raw, and never breaks a line', async () => {
    const rows = [
      toListedRow(HOSTILE, HOSTILE),
      { ...skippedRow, observable: { type: HOSTILE, value: HOSTILE }, reason: HOSTILE },
      { ...failedRow, error: { type: 'fatal', code: 'unknown', message: HOSTILE } } as const,
    ];
    const lines = await linesOf(rows);
    expect(lines).toHaveLength(5);
    expect(lines.join('')).not.toMatch(OBEYED);
  });

  test('is never cut in a file or pipe, and pads no other line', async () => {
    const path = 'p/'.repeat(500);
    const family = 'x'.repeat(10_240);
    const [, first = '', second = ''] = await linesOf([toListedRow('a', family), toListedRow(path, '=cmd()')]);
    expect(first).toContain(`  ${family}  2018-01-14    live`);
    expect(second).toMatch(/ {2}=cmd\(\) {2}2018-01-14 {4}live$/);
  });
});

describe('wide characters', () => {
  test('leave the columns behind them aligned', async () => {
    const lines = await linesOf([toListedRow('a', 'Pony'), toListedRow('例え/🦠', 'Pony'), toListedRow('bu\u0308cher', 'Pony')]);
    expect(columnsOf(lines, 'Pony')).toEqual([44, 44, 44]);
  });

  test('are cut between characters as a person counts them', async () => {
    const rows = ['例', '👩🏽', 'नि'].map((character) => toListedRow('a', character.repeat(100)));
    const { text } = await write(rows, { lineCells: 100 });
    for (const family of ['例{9,}…例{9,}', '(?:👩🏽){9,}…(?:👩🏽){9,}', '(?:नि){9,}…(?:नि){9,}'])
      expect(text).toMatch(new RegExp(family, 'u'));
  });

  test('without width are no reason to take long: four times as many take four times as long', async () => {
    const format = await openTableFormat({ isDefanged: false, isColoured: false });
    const work = (family: string) => format.add([toListedRow('a', family)]);
    const toFamily = (marks: number) => `${'\u200B'.repeat(marks)}${'例'.repeat(40)}`;
    // Where each character has all before it measured again, it is sixteen times as long.
    expect(growthOf(work, toFamily(1000), toFamily(4000))).toBeLessThan(MOST_GROWTH);
  });
});

test('a family of a million marks on one letter takes no hours', async () => {
  const rows = [toListedRow('a', `e${'\u0301'.repeat(1_000_000)}`)];
  expect((await write(rows)).text.length).toBeGreaterThan(1_000_000);
  expect((await write(rows, { lineCells: 80 })).text).toContain('2018-01-14');
});

/** A table without headings. */
function toRows(rows: readonly (readonly string[])[], lineCells?: number): string[] {
  const columns = [
    { heading: '', kind: 'value' as const },
    { heading: '', kind: 'prose' as const },
  ];
  return [...toTable({ columns, rows, toCells: (cells) => cells, paintHeading: (text) => text, lineCells })].slice(1);
}

test.each(['é', '例', '👩🏽', 'e\u0301', '\u0301'])('a long value of %j is measured and wrapped in linear time', (character) => {
  const growth = (units: number, lineCells?: number) => {
    const work = (value: string) => toRows([[value, value]], lineCells);
    return growthOf(work, character.repeat(units), character.repeat(4 * units));
  };
  expect(growth(4000)).toBeLessThan(MOST_GROWTH);
  expect(growth(1000, 80)).toBeLessThan(MOST_GROWTH);
});

test('a long value is as wide as its characters', () => {
  for (const [character, cells] of [
    ['é', 1],
    ['例', 2],
    ['👩🏽', 2],
    ['e\u0301', 1],
  ] as const) {
    const [first = ''] = toRows([
      [character.repeat(1500), 'x'],
      ['a'.repeat(1500 * cells), 'x'],
    ]);
    expect(first).toBe(`${character.repeat(1500)}  x\n`);
  }
});

test('a value links to the page of the tracker about it, where a listing has one', async () => {
  const row = toListedRow('a', 'Pony');
  const judgement = { source_uri: 'https://tracker.example/index.php?search=panel.example%2Fa' };
  const rows = [{ ...row, judgement } as LedgerRow, unlistedRow];
  const link = '\u001B]8;;https://tracker.example/index.php?search=panel.example%2Fa\u001B\\';
  const { text } = await write(rows, { hasLinks: true, lineCells: 80 });
  expect(text).toContain(`listed    url   ${link}http://panel.example/a\u001B]8;;\u001B\\  Pony`);
  expect(text.split(']8;;')).toHaveLength(3);
  expect((await write(rows)).text).not.toContain(']8;;');
});

test('a defanged value cannot be clicked', async () => {
  const { text } = await write([toListedRow('a.php', 'Pony'), unlistedRow], { isDefanged: true });
  expect(text).toContain('hxxp://panel[.]example/a.php');
  expect(text).toContain('192[.]0[.]2[.]1');
  expect(text).not.toContain('://panel.');
});

test('colour tells the fates apart, and moves no column', async () => {
  const rows = [toListedRow('a', 'Pony'), unlistedRow, skippedRow, failedRow];
  const { text } = await write(rows, { isColoured: true });
  expect(text.split('\n').map((line) => line.split(' ')[0])).toEqual([
    ...['\u001B[1mSTATUS\u001B[22m', '\u001B[31mlisted\u001B[39m', 'unlisted'],
    ...['\u001B[2mskipped\u001B[22m', '\u001B[33mfailed\u001B[39m', ''],
  ]);
  expect(text.replace(/\u001B\[\d+m/g, '')).toBe((await write(rows)).text);
});

test('ten thousand rows are a table', async () => {
  const { text } = await write(Array.from({ length: 10_000 }, (_, at) => toListedRow(`${at}`, 'Pony')));
  expect(text.split('\n')).toHaveLength(10_002);
});

test('what is near an unlisted observable is the reason, its date first', async () => {
  const related = { by: 'host', entries: 2, newest: '2018-01-14', entry: 'panel.example/x' } as const;
  const whyOf = async (near: Partial<LedgerRow>) => (await linesOf([{ ...unlistedRow, ...near }]))[1]?.split(' live ')[1]?.trim();
  expect(await whyOf({ related })).toBe('on listed host (2018-01-14): panel.example/x');
  expect(await whyOf({ related: { ...related, newest: null, by: 'address' } })).toBe('on listed address: panel.example/x');
  expect(await whyOf({ older: { date: null, entry: 'x' }, related: { ...related, entry: 'y' } })).toBe(
    'older (undated): x; on listed host (2018-01-14): y',
  );
  expect((await write([{ ...unlistedRow, related }], { isDefanged: true })).text).toContain('panel[.]example/x');
});
