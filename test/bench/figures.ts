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

/** The figures as a table. */
export function print(figures: readonly Figure[]): void {
  const rows = figures.map(({ what, measured, baseline, ratio, limit, isBetterHigh }) => {
    const isWithin = isBetterHigh ? ratio >= limit : ratio <= limit;
    return [
      what,
      measured,
      baseline,
      ratio.toFixed(2),
      `${isBetterHigh ? '>=' : '<='} ${limit.toFixed(2)}`,
      isWithin ? 'ok' : 'over',
    ];
  });
  const table = [['what', 'measured', 'baseline', 'ratio', 'limit', ''], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length))) ?? [];
  for (const row of table)
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
}
