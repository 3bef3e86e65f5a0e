import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { toMarkdownTable, writeReport } from '../helpers/report.ts';
import { runScript } from '../helpers/script.ts';

/*
 * The time of `npm test` and the processor time of all its processes. Exit 1 when the tests fail, or take more processor time than the
 * limit; the time itself depends on the load of the machine. Needs Linux.
 */

const MOST_SECONDS = 60;
const MOST_PROCESSOR_SECONDS = 110;
// The unit of /proc.
const TICKS_A_SECOND = 100;

/** Processor seconds of the children that have ended, with theirs. */
function readChildrenSeconds(): number {
  // Behind the name, which may hold blanks, proc(5) counts from field 3; children have fields 16 and 17, here 13 and 14.
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / TICKS_A_SECOND;
}

function main(): Promise<number> {
  const before = readChildrenSeconds();
  const startedMs = performance.now();
  const { status } = spawnSync('npm', ['test'], { stdio: 'inherit' });
  const seconds = (performance.now() - startedMs) / 1000;
  const processorSeconds = readChildrenSeconds() - before;
  if (status !== 0) return Promise.resolve(1);
  const rows = [
    ['time', seconds, MOST_SECONDS],
    ['processor time, all processes', processorSeconds, MOST_PROCESSOR_SECONDS],
  ] as const;
  const cells = rows.map(([what, took, most]) => [
    what,
    `${took.toFixed(0)} s`,
    `<= ${most} s`,
    took <= most ? 'within' : 'over',
  ]);
  const markdown = toMarkdownTable([['npm test', 'measured', 'limit', ''], ...cells]);
  process.stdout.write(`${markdown}\n`);
  writeReport('cost', markdown, new Date());
  return Promise.resolve(processorSeconds <= MOST_PROCESSOR_SECONDS ? 0 : 1);
}

runScript(main);
