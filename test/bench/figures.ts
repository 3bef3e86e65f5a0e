import { toMarkdownTable } from '../helpers/report.ts';

/** One line of the table. `isBetterHigh` says on which side of the limit the ratio should be. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly baseline: string;
  readonly ratio: number;
  readonly limit: number;
  readonly isBetterHigh: boolean;
}

/** The middle one of some measurements. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** How long something takes. */
export async function timeMs(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** The figures as rows of a table, the first one its head. The bar is what was measured beside it in the same run. */
function toRows(figures: readonly Figure[]): string[][] {
  const rows = figures.map(({ what, measured, baseline, ratio, limit, isBetterHigh }) => {
    const isWithin = isBetterHigh ? ratio >= limit : ratio <= limit;
    const bound = `${isBetterHigh ? '>=' : '<='} ${limit.toFixed(2)}`;
    return [what, measured, baseline, ratio.toFixed(2), bound, isWithin ? 'within' : 'over'];
  });
  return [['what', 'measured', 'bar', 'ratio', 'limit', ''], ...rows];
}

/** The figures as a table for a terminal. */
export function toText(figures: readonly Figure[]): string {
  const rows = toRows(figures);
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  return rows.map((row) => `${toLine(row, widths)}\n`).join('');
}

function toLine(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join('  ')
    .trimEnd();
}

/** The figures as a table of Markdown, below what its columns mean. */
export function toMarkdown(figures: readonly Figure[]): string {
  return `Each ratio is that of the figure to its bar, which was measured in the same run, unless the line says a share or seconds.\n\n${toMarkdownTable(toRows(figures))}`;
}
