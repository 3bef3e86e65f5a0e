import { relative } from 'node:path';
import { toMarkdownTable } from '../helpers/report.ts';
import { LIMITS } from './limits.ts';

type Measure = keyof typeof LIMITS;

/** How much of something was run; `pct` in percent, rounded down to two digits. */
type Counts = Readonly<Record<Measure, { readonly total: number; readonly covered: number; readonly pct: number }>>;

/** `coverage-summary.json`, as the reporter `json-summary` of Istanbul writes it: by absolute path, and under `total` all of them. */
export type Summary = Readonly<Record<string, Counts>> & { readonly total: Counts };

const MEASURES: readonly Measure[] = ['lines', 'branches', 'functions', 'statements'];
const SHOWN_FILES = 10;

/**
 * The report of a run that held all limits: each measure against its limit, and the files of which least was run, by lines and then by
 * branches, relative to `root`. Throws when a limit is not held.
 */
export function toCoverageReport(summary: Summary, root: string): string {
  const { total, ...byPath } = summary;
  const low = MEASURES.filter((measure) => !(total[measure].pct >= LIMITS[measure]));
  if (low.length > 0) throw new Error(`below the limit: ${low.map((measure) => `${measure} ${total[measure].pct}%`).join(', ')}`);
  const rows = MEASURES.map((measure) => {
    const { total: all, covered, pct } = total[measure];
    return [measure, `${covered} of ${all}`, pct.toFixed(1), `>= ${LIMITS[measure]}`];
  });
  const files = Object.entries(byPath)
    .sort(([, a], [, b]) => a.lines.pct - b.lines.pct || a.branches.pct - b.branches.pct)
    .slice(0, SHOWN_FILES)
    .map(([path, { lines, branches }]) => [relative(root, path), lines.pct.toFixed(1), branches.pct.toFixed(1)]);
  return [
    'Of `src`, what tests in memory run. Those that start the built program run much of it too, and are not counted.',
    '',
    toMarkdownTable([['measure', 'run', '%', 'limit'], ...rows]),
    '',
    `The ${files.length} files of which least is run:`,
    '',
    toMarkdownTable([['file', 'lines %', 'branches %'], ...files]),
  ].join('\n');
}
