import { runScript } from '../helpers/script.ts';
import { toMarkdownTable, writeReport } from '../helpers/report.ts';
import { controlRow } from './answer-rows.ts';
import type { Cell, Pace } from './cells.ts';
import { cellsOf, nameOf } from './cells.ts';
import type { Verdict } from './judge.ts';
import { judge, MOST_BYTES } from './judge.ts';
import { allRows } from './place-rows.ts';
import { canBeHere } from './place.ts';
import { asProcess, inMemory } from './programs.ts';
import type { FaultRow } from './rows.ts';
import { runCell } from './surfaces.ts';

/*
 * The fault matrix: each fault on each surface, for one observable, one of fifty and all of fifty, live and with a snapshot to fall back
 * on. Exit 1 when a cell is wrong, when anything silently passed as unlisted, or when this process grew. Arguments name faults to run
 * without a report.
 */

interface Judged extends Verdict {
  readonly cell: Cell;
  readonly peakBytes?: number | undefined;
  readonly tookMs: number;
}

/** Cells at a time: most wait for a timeout or for a process to start. */
const CONCURRENCY = 6;
const MIB = 1024 * 1024;
/** This process holds all trackers and relays. What it may grow by after the first sixth of the cells: of 1 GiB nothing may stay. */
const MOST_GROWTH_BYTES = 256 * MIB;
const WARM_SHARE = 6;
const MEMORY_INTERVAL_MS = 50;

/** The built program for live lookups, for failing updates and for slow cells; the others run in memory, where bodies would wait for each other. */
function programOf(cell: Cell) {
  if (cell.row.at !== 'list' && cell.row.worksMs !== undefined) return asProcess;
  const isProcess = cell.surface === 'update' ? cell.end === 'old' : cell.source === 'live';
  return isProcess ? asProcess : inMemory;
}

async function judgeCell(cell: Cell, pace: Pace): Promise<Judged> {
  try {
    const outcome = await runCell(cell, pace, programOf(cell));
    return { cell, ...judge(cell, outcome, pace), peakBytes: outcome.peakBytes, tookMs: outcome.tookMs };
  } catch (thrown) {
    const problem = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { cell, problems: [problem], falseCleans: 0, tookMs: 0 };
  }
}

const MOST_PRINTED = 5;

async function judgeAll(cells: readonly Cell[], pace: Pace, judged: Judged[] = []): Promise<Judged[]> {
  let next = 0;
  const work = async () => {
    for (let cell = cells[next++]; cell; cell = cells[next++]) {
      const found = await judgeCell(cell, pace);
      judged.push(found);
      for (const problem of found.problems.slice(0, MOST_PRINTED))
        process.stderr.write(`${nameOf(cell)}: ${problem.trim().slice(0, 400)}\n`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return judged;
}

// An idle machine takes a second for a cell without a fault, and much less for an answer.
const FIRST_PACE: Pace = { timeoutMs: 10_000, slackMs: 60_000 };
// Some faults outlast every timeout up to this one, and an answer in time must not look slow.
const TIMEOUT_MS = { least: 1_000, most: 12_000 };
const SLACK_MS = { least: 5_000, most: 90_000 };

/** Runs the cells without a fault; the slowest sets how long the others may take. */
async function findPace(): Promise<{ pace: Pace; judged: readonly Judged[] }> {
  const judged = await judgeAll(cellsOf(controlRow), FIRST_PACE);
  const slowestMs = Math.max(...judged.map(({ tookMs }) => tookMs));
  const within = ({ least, most }: typeof SLACK_MS, ms: number) => Math.round(Math.min(most, Math.max(least, ms)));
  return { judged, pace: { timeoutMs: within(TIMEOUT_MS, slowestMs / 2), slackMs: within(SLACK_MS, 4 * slowestMs) } };
}

/** Watches the memory of this process; the function that stops it returns the growth since `isWarm`, in bytes. */
function watchMemory(isWarm: () => boolean): () => number {
  let [warmBytes, mostBytes] = [0, 0];
  const timer = setInterval(() => {
    const { rss } = process.memoryUsage();
    if (!isWarm()) warmBytes = Math.max(warmBytes, rss);
    mostBytes = Math.max(mostBytes, rss);
  }, MEMORY_INTERVAL_MS);
  return () => {
    clearInterval(timer);
    return mostBytes - warmBytes;
  };
}

const COLUMNS: readonly (readonly [title: string, has: (cell: Cell) => boolean])[] = [
  ['CLI, live', (cell) => cell.surface === 'cli' && cell.source === 'live'],
  ['CLI, auto', (cell) => cell.surface === 'cli' && cell.source === 'auto'],
  ['relay, live', (cell) => cell.surface === 'relay' && cell.source === 'live'],
  ['relay, auto', (cell) => cell.surface === 'relay' && cell.source === 'auto'],
  ['update', (cell) => cell.surface === 'update'],
  ['client', (cell) => cell.surface === 'client'],
];

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

const toMib = (bytes: number) => `${Math.round(bytes / MIB)} MiB`;

function toReport(
  rows: readonly FaultRow[],
  judged: readonly Judged[],
  { pace, tookMs, grewBytes }: { pace: Pace; tookMs: number; grewBytes: number },
): string {
  const peakOf = (isUpdate: boolean) =>
    toMib(Math.max(0, ...judged.map(({ cell, peakBytes = 0 }) => ((cell.surface === 'update') === isUpdate ? peakBytes : 0))));
  const processes = judged.filter(({ peakBytes }) => peakBytes !== undefined).length;
  const leftOut = allRows.filter((row) => !canBeHere(row)).map(({ what }) => what);
  return [
    toMarkdownTable([
      ['what', 'figure'],
      ['faults', String(rows.length)],
      ['cells', `${judged.length}, of these ${processes} with the built program as a process`],
      ['false cleans', `${judged.reduce((sum, verdict) => sum + verdict.falseCleans, 0)} (0 allowed)`],
      ['wrong cells', `${judged.filter(({ problems }) => problems.length > 0).length} (0 allowed)`],
      ['time', `${Math.round(tookMs / 1000)} s; timeouts of ${pace.timeoutMs} ms, slack of ${pace.slackMs} ms`],
      ['growth of the process that holds the relays', `${toMib(grewBytes)} (${toMib(MOST_GROWTH_BYTES)} allowed)`],
      ['peak of a process that looks up', `${peakOf(false)} (${toMib(MOST_BYTES.lookup)} allowed)`],
      ['peak of a process that updates', `${peakOf(true)} (${toMib(MOST_BYTES.update)} allowed)`],
    ]),
    'Right cells of all. CLI and relay: one lookup, one of fifty and all of fifty faulty; `auto` with the faulty one in the snapshot and without. Update: the fault on the first page, on a later one, on that and `all.php`, on all. A dash where a fault has no meaning: a server is faulty for all lookups or none, only a list can lack rows, only the client takes a resolver.',
    toTable(rows, judged),
    ...(leftOut.length === 0 ? [] : [`Left out, because this machine has no IPv6 on loopback: ${leftOut.join('; ')}.`]),
  ].join('\n\n');
}

async function main(): Promise<number> {
  const names = process.argv.slice(2);
  const rows = allRows.filter(canBeHere).filter(({ what }) => names.length === 0 || names.includes(what));
  const cells = rows.flatMap(cellsOf);
  const startedMs = performance.now();
  const { pace, judged: controls } = await findPace();
  const judged: Judged[] = [];
  const stopWatch = watchMemory(() => judged.length * WARM_SHARE > cells.length);
  await judgeAll(cells, pace, judged);
  const grewBytes = stopWatch();
  const report = toReport(rows, judged, { pace, tookMs: performance.now() - startedMs, grewBytes });
  process.stdout.write(`${report}\n`);
  if (names.length === 0) writeReport('faults', report, new Date());
  const isWrong = [...controls, ...judged].some(({ problems, falseCleans }) => problems.length > 0 || falseCleans > 0);
  return isWrong || grewBytes > MOST_GROWTH_BYTES ? 1 : 0;
}

runScript(main);
