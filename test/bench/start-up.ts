import { spawnSync } from 'node:child_process';
import type { Figure } from './figures.ts';
import { median, timeMs } from './figures.ts';

const RUNS = 15;

function runNode(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(status)}: ${stderr.toString()}`);
}

/** The program's time from start to end, against that of Node alone. */
export async function measureStart(what: string, limit: number, args: readonly string[]): Promise<Figure> {
  const own: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < RUNS; round += 1) {
    bare.push(await timeMs(() => runNode('-e', '0')));
    own.push(await timeMs(() => runNode('bin/cct.js', ...args)));
  }
  const [ownMs, bareMs] = [median(own), median(bare)];
  return {
    what,
    measured: `${ownMs.toFixed(0)} ms`,
    baseline: `node -e 0: ${bareMs.toFixed(0)} ms`,
    ratio: ownMs / bareMs,
    limit,
    isBetterHigh: false,
  };
}
