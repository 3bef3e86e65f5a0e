import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, openSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SnapshotEntry } from '../../src/tracker/snapshot/snapshot-file.ts';
import { writeSnapshot } from '../../src/tracker/snapshot/snapshot-file.ts';
import { installedSnapshotPath } from '../../src/tracker/snapshot/snapshot-store.ts';
import type { Figure } from './figures.ts';
import { compareMs, median } from './figures.ts';

const MILLION = 1_000_000;
// The size of the tracker's list in 2018.
const ENTRIES = 11_665;
const ROUNDS = 3;
const MAX_LOAD_MS = 150;
const MIB_IN_KIB = 1024;

interface Room {
  readonly directory: string;
  /** Writes distinct observables, one a line; a few are listed. Resolves to the file. */
  readonly write: (count: number) => Promise<string>;
}

/** A directory with an installed list of made-up names. */
async function withRoom<Result>(work: (room: Room) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'cct-bench-'));
  try {
    await mkdir(join(directory, 'cct'));
    writeFileSync(installedSnapshotPath(join(directory, 'cct')), toList());
    return await work({ directory, write: (count) => writeObservables(join(directory, `${count}.ndjson`), count) });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A made-up list of real size. */
export function toList(): string {
  const entries = Array.from({ length: ENTRIES }, (_, at): SnapshotEntry => {
    const ip = `198.51.100.${at % 250}`;
    return { date: '2018-01-14', covers: 'url', url: `p${at * 86}.example/a/cp.php`, ip, family: 'Pony' };
  });
  return writeSnapshot({ date: '2018-01-31', origin: 'made up', entries });
}

async function writeObservables(file: string, count: number): Promise<string> {
  const out = createWriteStream(file);
  let text = '';
  for (let at = 0; at < count; at += 1) {
    text += `${JSON.stringify(toObservable(at))}\n`;
    if (text.length < MILLION) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text);
  await once(out, 'finish');
  return file;
}

function toObservable(at: number): { type: string; value: string } {
  if (at % 4 === 0) {
    return { type: 'ip', value: `${11 + ((at >>> 24) & 63)}.${(at >>> 16) & 255}.${(at >>> 8) & 255}.${at & 255}` };
  }
  return { type: 'url', value: at % 4 === 1 ? `http://h${at}.example/` : `p${at}.example/a/cp.php` };
}

interface Run {
  readonly tookMs: number;
  readonly residentMib: number;
}

/** Runs Node, with its output discarded. */
export async function runNode(args: readonly string[], directory: string): Promise<Run> {
  const startedMs = performance.now();
  const env = { PATH: process.env['PATH'], HOME: directory, XDG_DATA_HOME: directory };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', openSync('/dev/null', 'w'), 'ignore'] });
  let residentMib = 0;
  const timer = setInterval(() => {
    residentMib = Math.max(residentMib, readPeakMib(child.pid ?? 0));
  }, 20);
  const [status] = (await once(child, 'exit')) as [number | null];
  clearInterval(timer);
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(status)}`);
  return { tookMs: performance.now() - startedMs, residentMib };
}

/** The peak memory of a process so far, as Linux counts it; 0 when it has ended. */
function readPeakMib(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / MIB_IN_KIB;
  } catch {
    return 0;
  }
}

const OFFLINE = ['bin/cct.js', 'observe', '--offline', '-q'];
const toSeconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const toMib = (mib: number): string => `${mib.toFixed(0)} MiB`;

/** Peak memory, against a limit. */
export function toMemoryFigure(what: string, residentMib: number, mostMib: number, baseline: string): Figure {
  return {
    what: `resident memory of ${what}, as a share of ${mostMib} MiB`,
    measured: toMib(residentMib),
    baseline,
    ratio: residentMib / mostMib,
    limit: { most: 1 },
  };
}

/** A million observables from a list, against a bare loop that reads, parses and writes; and their memory. */
export function measureBulk(): Promise<Figure[]> {
  return withRoom(async ({ directory, write }) => {
    const input = await write(MILLION);
    const bare = ['test/bench/bare-loop.js', input];
    const asRows = [...OFFLINE, '--format', 'ndjson', input];
    const asList = [...OFFLINE, '--format', 'csv', '--only', 'listed', input];
    const byHost = [...OFFLINE, '--match', 'host', '--format', 'ndjson', input];
    const runs: Run[][] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const run: Run[] = [];
      for (const args of [bare, asRows, asList, byHost]) run.push(await runNode(args, directory));
      runs.push(run);
    }
    const [bareMs = NaN, rowsMs = NaN, listMs = NaN, hostMs = NaN] = [0, 1, 2, 3].map((at) =>
      median(runs.map((run) => run[at]?.tookMs ?? NaN)),
    );
    const [bareMib = NaN, rowsMib = NaN] = [0, 1].map((at) => Math.max(...runs.map((run) => run[at]?.residentMib ?? NaN)));
    const toFigure = (what: string, ms: number, most: number): Figure => {
      return { what, measured: toSeconds(ms), baseline: `bare loop: ${toSeconds(bareMs)}`, ratio: ms / bareMs, limit: { most } };
    };
    return [
      toFigure('a million offline, ndjson', rowsMs, 3),
      toFigure('a million offline, ndjson, --match host', hostMs, 3),
      toFigure('a million offline, csv of what is listed', listMs, 2.2),
      toMemoryFigure('a million offline', rowsMib, 300, `bare loop: ${toMib(bareMib)}`),
    ];
  });
}

/** Ten times the input, against a million. */
export function measureTenfold(): Promise<Figure[]> {
  return withRoom(async ({ directory, write }) => {
    const run = async (count: number) => runNode([...OFFLINE, '--format', 'ndjson', await write(count)], directory);
    const [single, tenfold] = [await run(MILLION), await run(10 * MILLION)];
    return [
      {
        what: 'ten million offline, ndjson',
        measured: toSeconds(tenfold.tookMs),
        baseline: `a million: ${toSeconds(single.tookMs)}`,
        ratio: tenfold.tookMs / single.tookMs,
        limit: { most: 11 },
      },
      toMemoryFigure('ten million offline', tenfold.residentMib, 600, `a million: ${toMib(single.residentMib)}`),
    ];
  });
}

/** One lookup in a list of real size, in milliseconds above the same in the sample. */
export function measureLoading(): Promise<Figure> {
  return withRoom(async ({ directory }) => {
    const asked = ['--ip', '192.0.2.1'];
    const { ownMs, bareMs } = await compareMs(
      ROUNDS * 5,
      () => runNode([...OFFLINE, ...asked], directory),
      () => runNode(['bin/cct.js', 'observe', '-q', '--snapshot', 'sample', ...asked], directory),
    );
    return {
      what: `loading a list of ${ENTRIES} entries, as a share of ${MAX_LOAD_MS} ms above start-up`,
      measured: `${ownMs.toFixed(0)} ms`,
      baseline: `with the sample: ${bareMs.toFixed(0)} ms`,
      ratio: (ownMs - bareMs) / MAX_LOAD_MS,
      limit: { most: 1 },
    };
  });
}
