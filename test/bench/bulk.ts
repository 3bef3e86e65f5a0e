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
import { median } from './figures.ts';

const MILLION = 1_000_000;
// As many as the tracker's list had in 2018.
const ENTRIES = 11_665;
const ROUNDS = 3;
const MAX_RESIDENT_MIB = 300;
const MAX_LOAD_MS = 150;
const MIB_IN_KIB = 1024;

interface Room {
  readonly folder: string;
  /** Writes so many distinct observables, one a line; a few of them are listed. */
  write(count: number): Promise<string>;
}

/** A folder in which a list of made-up names is installed. */
async function withRoom<Result>(work: (room: Room) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'cct-bench-'));
  try {
    await mkdir(join(folder, 'cct'));
    writeFileSync(installedSnapshotPath(join(folder, 'cct')), toList());
    return await work({ folder, write: (count) => writeObservables(join(folder, `${count}.ndjson`), count) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function toList(): string {
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

/** What a run took. */
interface Run {
  readonly tookMs: number;
  readonly residentMib: number;
}

function mostResidentMib(runs: readonly Run[]): number {
  return Math.max(...runs.map((run) => run.residentMib));
}

/** Runs Node with its output thrown away. */
async function runNode(args: readonly string[], folder: string): Promise<Run> {
  const startedMs = performance.now();
  const env = { PATH: process.env['PATH'], HOME: folder, XDG_DATA_HOME: folder };
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

/** The most that a process had in memory so far, as Linux counts it; 0 when it has ended. */
function readPeakMib(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / MIB_IN_KIB;
  } catch {
    return 0;
  }
}

const OFFLINE = ['bin/cct.js', 'observe', '--offline', '-q'];
const toSeconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** A million observables from a list against a bare loop that reads, parses and writes; and the memory they take. */
export function measureBulk(): Promise<Figure[]> {
  return withRoom(async (room) => {
    const { folder } = room;
    const input = await room.write(MILLION);
    const [bare, rows, listed]: [Run[], Run[], Run[]] = [[], [], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(await runNode(['test/bench/bare-loop.js', input], folder));
      rows.push(await runNode([...OFFLINE, '--format', 'ndjson', input], folder));
      listed.push(await runNode([...OFFLINE, '--format', 'csv', '--only', 'listed', input], folder));
    }
    const [bareMs = NaN, rowsMs = NaN, listedMs = NaN] = [bare, rows, listed].map((runs) =>
      median(runs.map(({ tookMs }) => tookMs)),
    );
    const residentMib = mostResidentMib(rows);
    const baseline = `bare loop: ${toSeconds(bareMs)}`;
    return [
      {
        what: 'a million offline, ndjson',
        measured: toSeconds(rowsMs),
        baseline,
        ratio: rowsMs / bareMs,
        limit: 3,
        isBetterHigh: false,
      },
      {
        what: 'a million offline, csv of what is listed',
        measured: toSeconds(listedMs),
        baseline,
        ratio: listedMs / bareMs,
        limit: 2,
        isBetterHigh: false,
      },
      {
        what: `resident memory of a million offline, as a share of ${MAX_RESIDENT_MIB} MiB`,
        measured: `${residentMib.toFixed(0)} MiB`,
        baseline: `bare loop: ${mostResidentMib(bare).toFixed(0)} MiB`,
        ratio: residentMib / MAX_RESIDENT_MIB,
        limit: 1,
        isBetterHigh: false,
      },
    ];
  });
}

/** Ten times the input against once the input. */
export function measureTenfold(): Promise<Figure> {
  return withRoom(async (room) => {
    const { folder } = room;
    const [small, large] = [await room.write(MILLION), await room.write(10 * MILLION)];
    const single = await runNode([...OFFLINE, '--format', 'ndjson', small], folder);
    const tenfold = await runNode([...OFFLINE, '--format', 'ndjson', large], folder);
    return {
      what: 'ten million offline, ndjson',
      measured: `${toSeconds(tenfold.tookMs)}, ${tenfold.residentMib.toFixed(0)} MiB`,
      baseline: `a million: ${toSeconds(single.tookMs)}`,
      ratio: tenfold.tookMs / single.tookMs,
      limit: 11,
      isBetterHigh: false,
    };
  });
}

/** One lookup in a list of the real one's size, above the same in the built-in sample. */
export function measureLoading(): Promise<Figure> {
  return withRoom(async ({ folder }) => {
    const asked = ['--ip', '192.0.2.1'];
    const [loaded, sample]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS * 5; round += 1) {
      sample.push((await runNode(['bin/cct.js', 'observe', '-q', '--snapshot', 'sample', ...asked], folder)).tookMs);
      loaded.push((await runNode([...OFFLINE, ...asked], folder)).tookMs);
    }
    const aboveMs = median(loaded) - median(sample);
    return {
      what: `loading a list of ${ENTRIES} entries, as a share of ${MAX_LOAD_MS} ms above start-up`,
      measured: `${median(loaded).toFixed(0)} ms`,
      baseline: `with the sample: ${median(sample).toFixed(0)} ms`,
      ratio: aboveMs / MAX_LOAD_MS,
      limit: 1,
      isBetterHigh: false,
    };
  });
}
