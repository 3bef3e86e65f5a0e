import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { TableColumn } from '../../../src/cli/output/table-layout.ts';
import { toTable } from '../../../src/cli/output/table-layout.ts';

const COLUMNS: readonly TableColumn[] = [
  { heading: 'STATUS' },
  { heading: 'VALUE', kind: 'value' },
  { heading: 'FAMILY', kind: 'prose' },
  { heading: 'SOURCE', kind: 'source' },
  { heading: 'WHY', kind: 'prose' },
];

const VALUE = 'http://panel.example/one/two/cp.php?m=login';
const WHY = 'url: panel.example/one/two/cp.php?m=login 2018-01-14';
const ROWS = [
  ['listed', VALUE, 'Pony', 'snapshot', WHY],
  ['unlisted', '192.0.2.1', '', 'live', ''],
];

function toLines(lineCells: number | undefined, rows: readonly (readonly string[])[] = ROWS): string[] {
  const paint = (text: string) => text;
  return [...toTable({ columns: COLUMNS, rows, toCells: (row) => row, paint, paintHeading: paint, lineCells })].map((line) =>
    line.replace(/\n$/, ''),
  );
}

describe('a table', () => {
  test('is whole in a file', () => {
    expect(toLines(undefined)).toEqual([
      'STATUS    VALUE                                        FAMILY  SOURCE    WHY',
      `listed    ${VALUE}  Pony    snapshot  ${WHY}`,
      'unlisted  192.0.2.1                                            live',
    ]);
  });

  test('is whole on a terminal that is wide enough, to the cell', () => {
    const whole = toLines(undefined);
    const width = Math.max(...whole.map((line) => line.length));
    expect(toLines(width)).toEqual(whole);
    expect(toLines(10_000)).toEqual(whole);
    expect(toLines(width - 1)[0]).not.toContain('SOURCE');
  });

  test('drops the source first, wraps why, and then shortens values in the middle', () => {
    expect(toLines(100)).toEqual([
      'STATUS    VALUE                                     FAMILY  WHY',
      'listed    http://panel.example…/two/cp.php?m=login  Pony    url:',
      '                                                            panel.example/one/two/cp.php?m=login',
      '                                                            2018-01-14',
      'unlisted  192.0.2.1',
    ]);
    expect(toLines(70)).toEqual([
      'STATUS    VALUE                   FAMILY  WHY',
      'listed    http://pane…hp?m=login  Pony    url: panel.example/one/two/c',
      '                                          p.php?m=login 2018-01-14',
      'unlisted  192.0.2.1',
    ]);
  });

  test('stacks rows where even that is too wide; empty cells have no place below', () => {
    const stacked = [
      'STATUS    VALUE',
      '    FAMILY  WHY',
      'listed    http://panel.ex…cp.php?m=login',
      '    Pony  url:',
      '    panel.example/one/two/cp.php?m=login',
      '    2018-01-14',
      'unlisted  192.0.2.1',
    ];
    expect(toLines(40)).toEqual(stacked);
    // Narrower terminals get lines of 40 cells, which they break.
    expect(toLines(1)).toEqual(stacked);
  });

  test('pads no column for a family of 10 kB, and cuts none in a file', () => {
    const [heading, row, other] = toLines(undefined, [
      ['listed', 'a.example', 'x'.repeat(10_000), 'live', 'why'],
      ['listed', 'b.example', 'Pony', 'live', 'why'],
    ]);
    expect(heading).toBe('STATUS  VALUE      FAMILY  SOURCE  WHY');
    expect(row).toBe(`listed  a.example  ${'x'.repeat(10_000)}  live    why`);
    expect(other).toBe('listed  b.example  Pony    live    why');
  });

  test('styles pieces after they were measured', () => {
    const lines = toTable({
      columns: COLUMNS,
      rows: ROWS,
      toCells: (row) => row,
      paint: (text, [status], column) => (column === 0 ? `\u001B[31m${text}\u001B[39m` : `<${status}:${text}>`),
      paintHeading: (text) => `*${text}*`,
      lineCells: 40,
    });
    expect([...lines].slice(0, 4)).toEqual([
      '*STATUS*    *VALUE*\n',
      '    *FAMILY  WHY*\n',
      '\u001B[31mlisted\u001B[39m    <listed:http://panel.ex…cp.php?m=login>\n',
      '    Pony  url:\n',
    ]);
  });
});

describe('wide characters', () => {
  test.each([
    ['Chinese', '家'.repeat(60)],
    ['marks', 'e\u0301'.repeat(60)],
    ['a family of four', '👨‍👩‍👧‍👦'.repeat(30)],
    ['2 kB', '漢字かな '.repeat(400)],
  ])('of %s keep lines within their width', (_what, text) => {
    for (const cells of [40, 60, 80, 120, 220]) {
      const lines = toLines(cells, [['listed', text, text, 'live', text]]);
      expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(cells);
      const shown = lines.join('').replace(/\s/g, '');
      expect(shown.split(text.slice(0, 5).trim()).length).toBeGreaterThan(1);
    }
  });
});
