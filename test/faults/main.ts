import { runScript } from '../helpers/script.ts';
import { writeReport } from '../helpers/report.ts';
import { answerRows, controlRow } from './answer-rows.ts';
import type { Cell, Pace } from './cells.ts';
import { cellsOf } from './cells.ts';
import { judge } from './judge.ts';
import { listRows, resolverRows, serverRows } from './place-rows.ts';
import { canBeHere } from './place.ts';
import { asProcess, inMemory } from './programs.ts';
import type { Judged } from './report.ts';
import { tellProblems, toReport } from './report.ts';
import { runCell } from './surfaces.ts';

/*
 * The fault matrix: every fault, on every surface, for one observable, one of fifty and all of fifty, live and with a snapshot to fall
 * back on. Exit 1 when a cell is wrong, when anything was silently clean, or when this process grew. Words as arguments name the faults
 * to be run alone, and then nothing is reported.
 */

const allRows = [...answerRows, ...serverRows, ...listRows, ...resolverRows];
const rows = allRows.filter(canBeHere);

/** Cells at a time: most of them wait, for a timeout or for a process to start. */
const AT_ONCE = 6;
const MIB = 1024 * 1024;
/** This process holds all trackers and relays. It may grow by so much from the first sixth of the cells on: of 1 GiB nothing may stay. */
const MOST_GROWTH_BYTES = 256 * MIB;
const WARM_SHARE = 6;
const LOOK_EVERY_MS = 50;

/**
 * Live lookups, updates from which the old list must come out whole, and all that may take long besides are run by the built program as
 * a process, others in memory: there, each piece of a body waits for all other cells.
 */
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

async function judgeAll(cells: readonly Cell[], pace: Pace, judged: Judged[] = []): Promise<Judged[]> {
  let next = 0;
  const work = async () => {
    for (let cell = cells[next++]; cell; cell = cells[next++]) {
      const found = await judgeCell(cell, pace);
      judged.push(found);
      process.stderr.write(tellProblems(found));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return judged;
}

// A quiet machine takes a second for a cell without a fault, and much less for an answer.
const FIRST_PACE: Pace = { timeoutMs: 10_000, slackMs: 60_000 };
// Some faults take longer than any timeout up to this one, and no attempt that need not wait may be taken for slow.
const TIMEOUT_MS = { least: 1_000, most: 12_000 };
const SLACK_MS = { least: 5_000, most: 90_000 };

/** Runs what has no fault; from the slowest of it follows how long the others may take. */
async function findPace(): Promise<{ pace: Pace; judged: readonly Judged[] }> {
  const judged = await judgeAll(cellsOf(controlRow), FIRST_PACE);
  const slowestMs = Math.max(...judged.map(({ tookMs }) => tookMs));
  const within = ({ least, most }: typeof SLACK_MS, ms: number) => Math.round(Math.min(most, Math.max(least, ms)));
  return { judged, pace: { timeoutMs: within(TIMEOUT_MS, slowestMs / 2), slackMs: within(SLACK_MS, 4 * slowestMs) } };
}

/** Looks at the memory of this process until it is stopped, and resolves to how much it grew since it was warm. */
function watchMemory(isWarm: () => boolean): () => number {
  let [warmBytes, mostBytes] = [0, 0];
  const timer = setInterval(() => {
    const { rss } = process.memoryUsage();
    if (!isWarm()) warmBytes = Math.max(warmBytes, rss);
    mostBytes = Math.max(mostBytes, rss);
  }, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    return mostBytes - warmBytes;
  };
}

async function main(): Promise<number | undefined> {
  const names = process.argv.slice(2);
  const chosen = names.length === 0 ? rows : rows.filter(({ what }) => names.includes(what));
  const cells = chosen.flatMap(cellsOf);
  const startedMs = performance.now();
  const { pace, judged: controls } = await findPace();
  const judged: Judged[] = [];
  const stopWatch = watchMemory(() => judged.length * WARM_SHARE > cells.length);
  await judgeAll(cells, pace, judged);
  const grewBytes = stopWatch();
  const all = [...controls, ...judged];
  const leftOut = allRows.filter((row) => !canBeHere(row)).map(({ what }) => what);
  const facts = {
    rows: chosen,
    judged,
    pace,
    tookMs: performance.now() - startedMs,
    grewBytes,
    mostGrowthBytes: MOST_GROWTH_BYTES,
    leftOut,
  };
  const report = toReport(facts);
  process.stdout.write(`${report}\n`);
  if (names.length === 0) writeReport('faults', report, new Date());
  const isWrong = all.some(({ problems, falseCleans }) => problems.length > 0 || falseCleans > 0);
  return isWrong || grewBytes > MOST_GROWTH_BYTES ? 1 : 0;
}

runScript(main);
