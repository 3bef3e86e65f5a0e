import { toMarkdownTable } from '../helpers/report.ts';
import type { Cell, Pace } from './cells.ts';
import { nameOf } from './cells.ts';
import type { Verdict } from './judge.ts';
import { MOST_BYTES } from './judge.ts';
import type { FaultRow } from './rows.ts';

/** A cell that was run, and what was found. */
export interface Judged extends Verdict {
  readonly cell: Cell;
  /** The most memory that its process held, where it had one. */
  readonly peakBytes?: number | undefined;
  readonly tookMs: number;
}

/** What a run of the matrix came to. */
export interface Facts {
  readonly rows: readonly FaultRow[];
  readonly judged: readonly Judged[];
  readonly pace: Pace;
  readonly tookMs: number;
  /** How much the process of the matrix grew, and how much it may. */
  readonly grewBytes: number;
  readonly mostGrowthBytes: number;
  /** The faults that this machine cannot have. */
  readonly leftOut: readonly string[];
}

const COLUMNS: readonly (readonly [title: string, has: (cell: Cell) => boolean])[] = [
  ['CLI, live', (cell) => cell.surface === 'cli' && cell.source === 'live'],
  ['CLI, auto', (cell) => cell.surface === 'cli' && cell.source === 'auto'],
  ['relay, live', (cell) => cell.surface === 'relay' && cell.source === 'live'],
  ['relay, auto', (cell) => cell.surface === 'relay' && cell.source === 'auto'],
  ['update', (cell) => cell.surface === 'update'],
  ['client', (cell) => cell.surface === 'client'],
];

const MIB = 1024 * 1024;
const toMib = (bytes: number) => `${Math.round(bytes / MIB)} MiB`;

/** The report: the counts, and the table by fault. */
export function toReport({ rows, judged, pace, tookMs, grewBytes, mostGrowthBytes, leftOut }: Facts): string {
  const wrong = judged.filter(({ problems }) => problems.length > 0).length;
  const falseCleans = judged.reduce((sum, verdict) => sum + verdict.falseCleans, 0);
  const peakOf = (isUpdate: boolean) =>
    Math.max(0, ...judged.map(({ cell, peakBytes = 0 }) => ((cell.surface === 'update') === isUpdate ? peakBytes : 0)));
  const processes = judged.filter(({ peakBytes }) => peakBytes !== undefined).length;
  return [
    toMarkdownTable([
      ['what', 'figure'],
      ['faults', String(rows.length)],
      ['cells', `${judged.length}, of these ${processes} with the built program as a process`],
      ['false cleans', `${falseCleans} (0 allowed)`],
      ['wrong cells', `${wrong} (0 allowed)`],
      ['time', `${Math.round(tookMs / 1000)} s; timeouts of ${pace.timeoutMs} ms, slack of ${pace.slackMs} ms`],
      ['growth of the process that holds the relays', `${toMib(grewBytes)} (${toMib(mostGrowthBytes)} allowed)`],
      ['peak of a process that looks up', `${toMib(peakOf(false))} (${toMib(MOST_BYTES.lookup)} allowed)`],
      ['peak of a process that updates', `${toMib(peakOf(true))} (${toMib(MOST_BYTES.update)} allowed)`],
    ]),
    'Each cell as right of all. CLI and relay: a question alone, one of fifty and all of fifty faulty; `auto` with the faulty one in the snapshot and not in it. Update: the fault on the first page, on a later one, on that and `all.php`, on all. A dash where it means nothing: a server is faulty for all or for none, only a list can lack rows, only the client can be given a resolver.',
    toTable(rows, judged),
    ...(leftOut.length === 0 ? [] : [`Left out, because this machine has no IPv6 on loopback: ${leftOut.join('; ')}.`]),
  ].join('\n\n');
}

/** A row a fault and a column a surface: how many cells are right, of how many; a dash where there is none. */
function toTable(rows: readonly FaultRow[], judged: readonly Judged[]): string {
  const lines = rows.map((row) => [
    row.what,
    ...COLUMNS.map(([, has]) => {
      const cells = judged.filter(({ cell }) => cell.row === row && has(cell));
      const right = cells.filter(({ problems }) => problems.length === 0);
      return cells.length === 0 ? '-' : `${right.length} of ${cells.length}`;
    }),
  ]);
  return toMarkdownTable([['fault', ...COLUMNS.map(([title]) => title)], ...lines]);
}

const TOLD_AT_MOST = 5;

/** What is wrong with a cell, a line each, the first five. */
export function tellProblems({ cell, problems }: Judged): string {
  const more = problems.length > TOLD_AT_MOST ? [`and ${problems.length - TOLD_AT_MOST} more`] : [];
  const told = [...problems.slice(0, TOLD_AT_MOST), ...more];
  return told.map((problem) => `${nameOf(cell)}: ${problem.trim().slice(0, 400)}\n`).join('');
}
