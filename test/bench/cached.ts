import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startFakeTracker } from '../helpers/fake-tracker.ts';
import type { Figure } from './figures.ts';
import { median, timeMs } from './figures.ts';

const run = promisify(execFile);

const ANSWERS = 10_000;
const ROUNDS = 7;

/**
 * A batch whose answers are all in the disk cache, against the program's start in the same round. The ratio is the seconds between them.
 * Throws when an answer is wrong or the tracker is asked again.
 */
export async function measureCached(): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'cct-bench-'));
  const file = join(folder, 'batch.ndjson');
  const rows = Array.from({ length: ANSWERS }, (_, at) => ({ type: 'url', value: `http://h${at}.example/gate.php` }));
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const tracker = await startFakeTracker();
  const flags = [
    '--api-url',
    tracker.url,
    '--cache-dir',
    join(folder, 'cache'),
    '--format',
    'ndjson',
    '--concurrency',
    '64',
    '-q',
  ];
  const cct = (...args: readonly string[]) => run(process.execPath, ['bin/cct.js', ...args], { maxBuffer: 64 * 1024 * 1024 });
  const batch = async () => {
    const { stdout } = await cct('observe', file, ...flags);
    const answered = stdout.match(/"status":"unlisted"/g)?.length ?? 0;
    if (answered !== ANSWERS) throw new Error(`${answered} of ${ANSWERS} were answered rightly`);
  };
  const starts: number[] = [];
  const batches: number[] = [];
  try {
    await batch();
    const asked = tracker.lookups().length;
    for (let round = 0; round < ROUNDS; round += 1) {
      starts.push(await timeMs(() => cct('--version')));
      batches.push(await timeMs(batch));
    }
    if (tracker.lookups().length !== asked) throw new Error('the tracker was asked about what is remembered');
  } finally {
    await tracker.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const [startMs, batchMs] = [median(starts), median(batches)];
  return {
    what: `cct observe, ${ANSWERS} answers from the disk cache: seconds above the start`,
    measured: `${(batchMs / 1000).toFixed(2)} s`,
    baseline: `cct --version: ${(startMs / 1000).toFixed(2)} s`,
    ratio: (batchMs - startMs) / 1000,
    limit: 1.5,
    isBetterHigh: false,
  };
}
