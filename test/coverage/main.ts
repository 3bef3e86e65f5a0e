import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { toMarkdownTable, writeReport } from '../helpers/report.ts';

/** `coverage-summary.json` of the reporter `json-summary`: by absolute path, and in all. `pct` is in percent, rounded down. */
type Counts = Readonly<Record<string, { readonly total: number; readonly covered: number; readonly pct: number }>>;

const SHOWN_FILES = 10;

// Vitest has held the limits of vitest.config.ts: below them the suite ends before this.
const { total = {}, ...byPath } = JSON.parse(readFileSync('coverage/coverage-summary.json', 'utf8')) as Record<string, Counts>;
const rows = ['lines', 'branches', 'functions', 'statements'].map((measure) => {
  const { total: all = 0, covered = 0, pct = 0 } = total[measure] ?? {};
  return [measure, `${covered} of ${all}`, pct.toFixed(1)];
});
const pctOf = (counts: Counts, measure: string) => counts[measure]?.pct ?? 0;
const files = Object.entries(byPath)
  .sort(([, a], [, b]) => pctOf(a, 'lines') - pctOf(b, 'lines') || pctOf(a, 'branches') - pctOf(b, 'branches'))
  .slice(0, SHOWN_FILES)
  .map(([path, counts]) => [relative('.', path), pctOf(counts, 'lines').toFixed(1), pctOf(counts, 'branches').toFixed(1)]);
const markdown = [
  'The share of `src` that tests run in memory. Those that start the built program run much of it too, and are not counted.',
  toMarkdownTable([['measure', 'run', '%'], ...rows]),
  `The ${files.length} files with the lowest share:`,
  toMarkdownTable([['file', 'lines %', 'branches %'], ...files]),
].join('\n\n');
writeReport('coverage', markdown, new Date());
