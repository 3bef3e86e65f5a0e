import { toMarkdownTable } from '../helpers/report.ts';

/** A line of the table. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  /** The same of the baseline, from the same run. */
  readonly baseline: string;
  readonly ratio: number;
  readonly limit: { readonly most: number } | { readonly least: number };
}

/** The median of some measurements. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** The duration of some work, in milliseconds. */
export async function timeMs(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** The median durations of the program and of its baseline, run in turn. */
export async function compareMs(
  rounds: number,
  own: () => unknown,
  bare: () => unknown,
): Promise<{ ownMs: number; bareMs: number }> {
  const [owns, bares]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    bares.push(await timeMs(bare));
    owns.push(await timeMs(own));
  }
  return { ownMs: median(owns), bareMs: median(bares) };
}

function toRows(figures: readonly Figure[]): string[][] {
  const rows = figures.map(({ what, measured, baseline, ratio, limit }) => {
    const [isWithin, sign, bound] =
      'most' in limit ? [ratio <= limit.most, '<=', limit.most] : [ratio >= limit.least, '>=', limit.least];
    return [what, measured, baseline, ratio.toFixed(2), `${sign} ${bound.toFixed(2)}`, isWithin ? 'within' : 'over'];
  });
  return [['what', 'measured', 'baseline', 'ratio', 'limit', ''], ...rows];
}

/** The figures as a table for a terminal. */
export function toText(figures: readonly Figure[]): string {
  const rows = toRows(figures);
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  const toLine = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => `${toLine(row).trimEnd()}\n`).join('');
}

/** The figures as a Markdown table. */
export function toMarkdown(figures: readonly Figure[]): string {
  return `Each ratio is that of the figure to its baseline of the same run, unless the line says a share or seconds.\n\n${toMarkdownTable(toRows(figures))}`;
}
