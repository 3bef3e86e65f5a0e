import { expect, test } from 'vitest';
import type { Summary } from './summary.ts';
import { toCoverageReport } from './summary.ts';

const toCounts = (lines: number, branches: number) => ({
  lines: { total: 100, covered: lines, pct: lines },
  branches: { total: 100, covered: branches, pct: branches },
  functions: { total: 10, covered: 10, pct: 100 },
  statements: { total: 10, covered: 10, pct: 100 },
});

function toSummary(total: ReturnType<typeof toCounts>, files: Record<string, ReturnType<typeof toCounts>> = {}): Summary {
  return { total, ...files };
}

test('each measure stands against its limit', () => {
  const report = toCoverageReport(toSummary(toCounts(95, 90)), '/p');
  expect(report).toContain(
    '| lines | 95 of 100 | 95.0 | >= 95 |\n| branches | 90 of 100 | 90.0 | >= 90 |\n| functions | 10 of 10 |',
  );
});

test('the ten files of which least is run are named, the least one first', () => {
  const files = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`/p/src/${at}.ts`, toCounts(99 - at, 50)]));
  const report = toCoverageReport(toSummary(toCounts(97, 95), { ...files, '/p/src/same.ts': toCounts(88, 40) }), '/p');
  const rows = report.split('\n').filter((line) => line.startsWith('| src/'));
  expect(rows).toHaveLength(10);
  expect(rows.slice(0, 3)).toEqual([
    '| src/same.ts | 88.0 | 40.0 |',
    '| src/11.ts | 88.0 | 50.0 |',
    '| src/10.ts | 89.0 | 50.0 |',
  ]);
});

test('what holds no limit has no report', () => {
  expect(() => toCoverageReport(toSummary(toCounts(94.9, 89.9)), '/p')).toThrow('below the limit: lines 94.9%, branches 89.9%');
  expect(() => toCoverageReport(toSummary(toCounts(NaN, 99)), '/p')).toThrow('below the limit: lines NaN%');
});
