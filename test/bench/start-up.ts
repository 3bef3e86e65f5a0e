import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startFakeTracker } from '../helpers/fake-tracker.ts';
import { functionUrlEvent } from '../helpers/lambda-events.ts';
import type { Figure } from './figures.ts';
import { compareMs } from './figures.ts';

const RUNS = 15;
const CACHED_RUNS = 7;
const CACHED = 10_000;

function runNode(args: readonly string[], env = process.env): void {
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(status)}: ${stderr.toString()}`);
}

/** The program's time from start to end, against that of Node alone. */
export async function measureStart(what: string, most: number, args: readonly string[]): Promise<Figure> {
  const { ownMs, bareMs } = await compareMs(
    RUNS,
    () => runNode(['bin/cct.js', ...args]),
    () => runNode(['-e', '0']),
  );
  return {
    what,
    measured: `${ownMs.toFixed(0)} ms`,
    baseline: `node -e 0: ${bareMs.toFixed(0)} ms`,
    ratio: ownMs / bareMs,
    limit: { most },
  };
}

const BARE = `export const handler = async () => ({ statusCode: 200, headers: {}, body: '{}', isBase64Encoded: false });`;

/** Loads a handler as Lambda does, and sends it one event; throws unless it answers with 200. */
function answerOnce(from: string): void {
  const event = JSON.stringify(functionUrlEvent({ path: '/version' }));
  const code = `const { handler } = await import(${JSON.stringify(from)});
    const { statusCode } = await handler(${event}, { awsRequestId: 'i1', getRemainingTimeInMillis: () => 30000 });
    if (statusCode !== 200) process.exitCode = 1;`;
  const env = { CCT_JWT_SECRET: 'a secret of thirty-two bytes, or so', CCT_SOURCE: 'live' };
  runNode(['--input-type=module', '-e', code], env);
}

/** The time from nothing to the first answer of the Lambda handler, against that of an empty handler. */
export async function measureColdStart(): Promise<Figure> {
  const { ownMs, bareMs } = await compareMs(
    RUNS,
    () => answerOnce(new URL('dist/lambda.mjs', `file://${process.cwd()}/`).href),
    () => answerOnce(`data:text/javascript,${encodeURIComponent(BARE)}`),
  );
  return {
    what: 'lambda: cold start and first answer',
    measured: `${ownMs.toFixed(0)} ms`,
    baseline: `bare handler: ${bareMs.toFixed(0)} ms`,
    ratio: ownMs / bareMs,
    limit: { most: 8 },
  };
}

/** A batch with all answers in the disk cache, in seconds above the program's start. Throws for wrong answers and for further lookups. */
export async function measureCached(): Promise<Figure> {
  const directory = mkdtempSync(join(tmpdir(), 'cct-bench-'));
  const file = join(directory, 'batch.ndjson');
  const rows = Array.from({ length: CACHED }, (_, at) => ({ type: 'url', value: `http://h${at}.example/gate.php` }));
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const tracker = await startFakeTracker();
  const flags = [
    '--api-url',
    tracker.url,
    '--cache-dir',
    join(directory, 'cache'),
    '--format',
    'ndjson',
    '--concurrency',
    '64',
    '-q',
  ];
  const cct = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, ['bin/cct.js', ...args], { maxBuffer: 64 * 1024 * 1024 });
  const batch = async () => {
    const { stdout } = await cct('observe', file, ...flags);
    const answered = stdout.match(/"status":"unlisted"/g)?.length ?? 0;
    if (answered !== CACHED) throw new Error(`${answered} of ${CACHED} answers were right`);
  };
  try {
    await batch();
    const lookups = tracker.lookups().length;
    const { ownMs, bareMs } = await compareMs(CACHED_RUNS, batch, () => cct('--version'));
    if (tracker.lookups().length !== lookups) throw new Error('cached answers were looked up again');
    return {
      what: `cct observe, ${CACHED} answers from the disk cache: seconds above the start`,
      measured: `${(ownMs / 1000).toFixed(2)} s`,
      baseline: `cct --version: ${(bareMs / 1000).toFixed(2)} s`,
      ratio: (ownMs - bareMs) / 1000,
      limit: { most: 1.5 },
    };
  } finally {
    await tracker.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
