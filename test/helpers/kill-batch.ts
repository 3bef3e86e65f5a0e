import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { takeInventory } from '../../src/tracker/cache/cache-directory.ts';
import type { FakeTracker } from './fake-tracker.ts';
import { startFakeTracker } from './fake-tracker.ts';

export interface KillOptions {
  readonly kills: number;
  readonly observables: number;
  /** The moments follow from it. */
  readonly seed: number;
}

/** What a kill left, and what the run after it did. */
export interface KilledBatch {
  /** Lookups that the tracker had seen when it was killed. */
  readonly asked: number;
  /** Whole answers in the cache after the kill. */
  readonly kept: number;
  /** Files in the place of an answer that are none. */
  readonly broken: number;
  /** Lookups of the run after it. */
  readonly askedAgain: number;
  /** Whether that run ended with 0 and said of every observable what is so. */
  readonly isRight: boolean;
}

/**
 * Starts a batch, kills it with SIGKILL some moments after some number of lookups, the first and the last included, and runs it again on
 * the cache that is left; as often as wanted, each time with an empty cache. Needs the program as it is built.
 */
export async function killBatches({ kills, observables, seed }: KillOptions): Promise<KilledBatch[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cct-crash-'));
  const keys = Array.from({ length: observables }, (_, at) => `h${at}.example/gate.php`);
  const listings = Object.fromEntries(keys.filter((_, at) => at % 10 === 0).map((key) => [key, 'Malicious: Pony']));
  const tracker = await startFakeTracker({ listings, latencyMs: 5 });
  const file = join(folder, 'batch.ndjson');
  writeFileSync(file, keys.map((value) => `${JSON.stringify({ type: 'url', value })}\n`).join(''));
  const expected = keys.map((key, at) => `${key} ${at % 10 === 0 ? 'listed' : 'unlisted'}`).join('\n');
  const batch: Batch = { tracker, file, folder, expected };
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
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Batch {
  readonly tracker: FakeTracker;
  readonly file: string;
  readonly folder: string;
  readonly expected: string;
}

// As long as an answer takes from the tracker to the disk.
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
  const left = await takeInventory(join(batch.folder, cache), () => true);
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

/** The program on the batch; `ended` resolves however it ends. */
function run({ tracker, file, folder }: Batch, cache: string) {
  const args = ['observe', file, '--format', 'ndjson', '-q', '--api-url', tracker.url, '--concurrency', '1'];
  const child = spawn(process.execPath, ['bin/cct.js', ...args, '--cache-dir', join(folder, cache)], {
    env: { PATH: process.env['PATH'], HOME: folder },
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

/** Numbers from 0 up to 1, the same for the same seed (Lehmer's generator, as in MINSTD). */
function createRandom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
