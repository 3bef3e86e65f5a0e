import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { takeInventory } from '../../src/tracker/cache/cache-directory.ts';
import type { FakeTracker } from './fake-tracker.ts';
import { startFakeTracker } from './fake-tracker.ts';
import { createRandom } from './random.ts';

export interface KillOptions {
  readonly kills: number;
  readonly observables: number;
  /** Sets the moments. */
  readonly seed: number;
}

/** A killed batch, and the run after it. */
export interface KilledBatch {
  /** Lookups before the kill. */
  readonly asked: number;
  /** Whole answers in the cache after the kill. */
  readonly kept: number;
  /** Files in the cache that are not answers. */
  readonly broken: number;
  /** Lookups of the next run. */
  readonly askedAgain: number;
  /** Whether the next run ended with 0 and each row is right. */
  readonly isRight: boolean;
}

/** Starts batches with an empty cache, kills each shortly after some number of lookups, and runs it again. Needs `dist`. */
export async function killBatches({ kills, observables, seed }: KillOptions): Promise<KilledBatch[]> {
  const directory = mkdtempSync(join(tmpdir(), 'cct-crash-'));
  const keys = Array.from({ length: observables }, (_, at) => `h${at}.example/gate.php`);
  const listings = Object.fromEntries(keys.filter((_, at) => at % 10 === 0).map((key) => [key, 'Malicious: Pony']));
  const tracker = await startFakeTracker({ listings, latencyMs: 5 });
  const file = join(directory, 'batch.ndjson');
  writeFileSync(file, keys.map((value) => `${JSON.stringify({ type: 'url', value })}\n`).join(''));
  const expected = keys.map((key, at) => `${key} ${at % 10 === 0 ? 'listed' : 'unlisted'}`).join('\n');
  const batch: Batch = { tracker, file, directory, expected };
  const random = createRandom(seed);
  try {
    const killed: KilledBatch[] = [];
    for (let at = 0; at < kills; at += 1) {
      const moment = { lookups: Math.floor(random() * (observables + 1)), thenMs: random() * MOST_MOMENTS_MS };
      killed.push(await killOne(batch, `cache-${at}`, moment));
    }
    return killed;
  } finally {
    await tracker.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Batch {
  readonly tracker: FakeTracker;
  readonly file: string;
  readonly directory: string;
  readonly expected: string;
}

// The time of an answer from the tracker to the disk.
const MOST_MOMENTS_MS = 10;

interface Moment {
  readonly lookups: number;
  readonly thenMs: number;
}

async function killOne(batch: Batch, cache: string, { lookups, thenMs }: Moment): Promise<KilledBatch> {
  const startedWith = batch.tracker.lookups().length;
  const asked = () => batch.tracker.lookups().length - startedWith;
  const first = run(batch, cache);
  while (first.isRunning() && asked() < lookups) await delay(1);
  await delay(thenMs);
  first.kill();
  await first.ended;
  const askedAtKill = asked();
  const left = await takeInventory(join(batch.directory, cache), () => true);
  const before = batch.tracker.lookups().length;
  const { status, stdout } = await run(batch, cache).ended;
  const askedAgain = batch.tracker.lookups().length - before;
  return {
    asked: askedAtKill,
    kept: left.entries,
    broken: left.broken,
    askedAgain,
    isRight: status === 0 && toFates(stdout) === batch.expected,
  };
}

function toFates(ndjson: string): string {
  return ndjson
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { observable: { value: string }; status: string })
    .map(({ observable, status }) => `${observable.value} ${status}`)
    .join('\n');
}

/** Runs the program on the batch; `ended` resolves even after a kill. */
function run({ tracker, file, directory }: Batch, cache: string) {
  const args = ['observe', file, '--format', 'ndjson', '-q', '--api-url', tracker.url, '--concurrency', '1'];
  const child = spawn(process.execPath, ['bin/cct.js', ...args, '--cache-dir', join(directory, cache)], {
    env: { PATH: process.env['PATH'], HOME: directory },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const ended = new Promise<{ status: number | null; stdout: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout }));
  });
  return { ended, isRunning: () => child.exitCode === null, kill: () => void child.kill('SIGKILL') };
}
