import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseSnapshot } from '../../src/tracker/snapshot/snapshot-file.ts';
import type { FakeTracker, ListEntry } from './fake-tracker.ts';
import { startFakeTracker } from './fake-tracker.ts';
import { createRandom } from './random.ts';

export interface KillsOptions {
  /** Updates to kill. */
  readonly kills: number;
  /** The same seed kills after the same times. */
  readonly seed: number;
}

export interface KillsReport {
  /** Updates that were killed, and those that had ended before. */
  readonly killed: number;
  readonly finished: number;
  /** Killed updates that were installed. */
  readonly replaced: number;
  /** Files that killed updates left. */
  readonly leftBehind: number;
  readonly problems: readonly string[];
}

const ROWS = 1000;
// Long rows take long to write, and one page of them is quickly read.
const PADDING = 'x'.repeat(4000);

/**
 * Starts `snapshot update` repeatedly for another list and kills it at a random moment. After each kill the old or the new snapshot must be
 * installed, whole; at the end an update must succeed, and remove what the killed ones left.
 */
export async function killUpdates({ kills, seed }: KillsOptions): Promise<KillsReport> {
  const home = await mkdtemp(join(tmpdir(), 'cct-kills-'));
  const tracker = await startFakeTracker();
  const random = createRandom(seed);
  const problems: string[] = [];
  const tally = { killed: 0, finished: 0, replaced: 0 };
  try {
    offer(tracker, 0);
    const startedMs = performance.now();
    if ((await update(tracker, home)) !== 0) problems.push('the first update failed');
    const tookMs = performance.now() - startedMs;
    let installed = 0;
    for (let version = 1; version <= kills; version += 1) {
      offer(tracker, version);
      // An update mostly waits for pages: two of three kills come while it writes.
      const change = version % 3 === 0 ? 0 : 1 + Math.floor(random() * MOST_CHANGES);
      const kill: Kill = { change, afterMs: random() * (change === 0 ? tookMs : LONGEST_WRITE_MS) };
      if ((await update(tracker, home, kill)) === null) tally.killed += 1;
      else tally.finished += 1;
      const found = await versionOf(home).catch(String);
      if (found === version) tally.replaced += 1;
      if (found !== version && found !== installed)
        problems.push(`after kill ${version}: ${found}, and not ${installed} or ${version}`);
      installed = typeof found === 'number' ? found : installed;
    }
    const leftBehind = await ageDrafts(home);
    offer(tracker, kills + 1);
    if ((await update(tracker, home)) !== 0) problems.push('the last update failed');
    if ((await versionOf(home).catch(String)) !== kills + 1) problems.push('the last update is not installed');
    const files = await readdir(join(home, 'cct'));
    if (files.join() !== 'snapshot.tsv') problems.push(`there is left: ${files.join()}`);
    return { ...tally, leftBehind, problems };
  } finally {
    await tracker.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** The list of a version: each row names it, so that a mixture shows. */
function offer(tracker: FakeTracker, version: number): void {
  const entries: ListEntry[] = Array.from({ length: ROWS }, (_, at) => ({
    date: '02-03-2026',
    url: `h${at}.example/${PADDING}?version=${version}`,
    ip: '192.0.2.1',
    family: 'Pony',
  }));
  tracker.set({ entries });
}

const LONGEST_WRITE_MS = 2;
const MOST_CHANGES = 4;

/** An update is killed some time after a change in the directory, counted from 1, or after its start for 0. */
interface Kill {
  readonly change: number;
  readonly afterMs: number;
}

/** Runs an update; resolves to its exit status, or to null when it was killed. */
function update(tracker: FakeTracker, home: string, kill?: Kill): Promise<number | null> {
  const env = { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: home };
  const args = [resolve('bin/cct.js'), 'snapshot', 'update', '-q', '--api-url', tracker.url];
  const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
  let timer: NodeJS.Timeout | undefined;
  let changes = 0;
  const count = () => {
    if (changes === kill?.change) timer = setTimeout(() => child.kill('SIGKILL'), kill.afterMs);
    changes += 1;
  };
  count();
  const watcher = kill && watch(join(home, 'cct'), count);
  return new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => {
      clearTimeout(timer);
      watcher?.close();
      settle(status);
    });
  });
}

/** The installed version. Rejects when the snapshot is incomplete or mixed. */
async function versionOf(home: string): Promise<number> {
  const { entries } = parseSnapshot(await readFile(join(home, 'cct', 'snapshot.tsv'), 'utf8'));
  const versions = new Set(entries.map(({ url }) => url.split('=')[1]));
  if (entries.length !== ROWS || versions.size !== 1) throw new Error(`${entries.length} rows of ${[...versions].join()}`);
  return Number([...versions][0]);
}

/** Makes the files that were left a day old; resolves to their number. */
async function ageDrafts(home: string): Promise<number> {
  const dir = join(home, 'cct');
  const drafts = (await readdir(dir)).filter((name) => name !== 'snapshot.tsv');
  const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000);
  for (const draft of drafts) await utimes(join(dir, draft), yesterday, yesterday);
  return drafts.length;
}
