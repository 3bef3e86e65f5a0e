import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect } from 'vitest';
import { openTableFormat } from '../../src/cli/output/table.ts';
import type { TableOptions } from '../../src/cli/output/table.ts';
import { toTable } from '../../src/cli/output/table-layout.ts';
import type { LedgerRow } from '../../src/core/ledger/ledger.ts';
import { toVisible } from '../../src/core/safe-text.ts';
import { testCostly } from './cases.ts';
import { anyRows } from './outcomes.ts';
import { OBEYED } from './texts.ts';

/** Characters of width 0, 1 and 2: CJK, emoji of one and several parts, flags, combining marks, jamo. */
const visible = fc
  .array(
    fc.constantFrom(
      ...['a', 'Z', '0', '.', '-', 'ä', 'e\u0301', '例', '地', '한', '\u1112\u1161\u11AB', 'ｱ', 'ｱﾞ', 'Ａ', '🦠', '👩‍👩‍👧', '🇩🇪'],
      ...['👍🏽', '1️⃣', 'नि', 'क्ष', 'ก็', '\u200B', '\u00AD', '\uFE0F', 'x\u0301\u0302', 'ﷺ', ' '],
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** A row with these texts. */
const toRow = (value: string, family: string): LedgerRow => ({
  observable: { type: 'url', value },
  status: 'listed',
  source: 'live',
  answered_at: '2026-03-01T12:34:56.789Z',
  family,
  first_listed: '2018-01-14',
});

async function write(rows: readonly LedgerRow[], options: Partial<TableOptions> = {}): Promise<string> {
  const format = await openTableFormat({ isDefanged: false, isColoured: false, ...options });
  format.add(rows);
  return [...format.end()].join('');
}

const longer = fc.array(visible, { maxLength: 12 }).map((parts) => parts.join(''));
const cost = { oneOf: 5, why: 'each character is looked up in the tables of Unicode' };
const TAIL = '  2018-01-14    live';

describe('a table', () => {
  testCostly(
    'has one line per row below its headings, and nothing that a terminal obeys',
    cost,
    [anyRows, fc.boolean()],
    async (rows, isDefanged) => {
      const text = await write(rows, { isDefanged });
      expect(text.split('\n')).toHaveLength(rows.length === 0 ? 1 : rows.length + 2);
      expect(text.replaceAll('\n', '')).not.toMatch(OBEYED);
      expect(text.isWellFormed()).toBe(true);
      const values = rows.filter(({ observable: { value } }) => !isDefanged && !text.includes(toVisible(value).trimEnd()));
      expect(values).toEqual([]);
    },
  );

  testCostly('has the same text with colours', cost, [anyRows], async (rows) => {
    const coloured = await write(rows, { isColoured: true });
    expect(coloured.replace(/\u001B\[\d+m/g, '')).toBe(await write(rows));
  });

  testCostly(
    'has its columns aligned, whatever the width of the characters in it',
    cost,
    [fc.array(fc.tuple(visible, visible), { minLength: 1, maxLength: 5 })],
    async (cells) => {
      const [, ...lines] = (await write(cells.map(([value, family]) => toRow(`x${value}`, `${family}x`)))).trimEnd().split('\n');
      expect(lines.map((line) => line.endsWith(TAIL))).toEqual(cells.map(() => true));
      expect(new Set(lines.map((line) => stringWidth(line))).size).toBe(1);
      const behindValue = lines.map((line, at) => line.slice(`listed  url   x${toVisible(cells[at]?.[0] ?? '')}`.length));
      expect(lines.map((line, at) => stringWidth(line) - stringWidth(behindValue[at] ?? ''))).toEqual(
        cells.map(([value]) => stringWidth(`listed  url   x${toVisible(value)}`)),
      );
    },
  );

  testCostly(
    'has columns as wide as their widest cell and two blanks, and no wider',
    cost,
    [fc.array(fc.tuple(visible, visible, visible), { minLength: 1, maxLength: 5 })],
    (rows) => {
      const widths = [0, 1].map((column) => Math.max(...rows.map((cells) => stringWidth(cells[column] ?? ''))));
      const [first = 0, second = 0] = widths;
      const expected = rows.map(([one, two, three]) => {
        const padded = `${one}${' '.repeat(first - stringWidth(one))}  ${two}${' '.repeat(second - stringWidth(two))}`;
        return `${padded}  ${three}`.trimEnd();
      });
      const columns = ['', '', ''].map((heading) => ({ heading }));
      const table = toTable({ columns, rows, toCells: (cells) => cells, paintHeading: (text) => text });
      expect([...table].slice(1)).toEqual(expected.map((line) => `${line}\n`));
    },
  );

  testCostly(
    'has no line wider than its terminal, whose last column is whole',
    cost,
    [fc.array(fc.tuple(longer, longer), { minLength: 1, maxLength: 3 }), fc.constantFrom(40, 60, 80, 120, 220)],
    async (texts, lineCells) => {
      const rows = texts.map(([value, family]): LedgerRow => {
        const reason = toVisible(`${family}${value}`);
        return { ...toRow(`x${value}`, family), status: 'skipped', reason };
      });
      const text = await write(rows, { lineCells });
      expect(Math.max(...text.split('\n').map((line) => stringWidth(line)))).toBeLessThanOrEqual(lineCells);
      // Wrapping composes characters.
      const shown = text.replace(/\s/g, '').normalize();
      if (lineCells === 40) for (const { reason = '' } of rows) expect(shown).toContain(reason.replace(/\s/g, '').normalize());
    },
  );
});
