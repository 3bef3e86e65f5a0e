import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Result } from './kept-results.ts';
import { keyOf, readResult, writeResult } from './kept-results.ts';
import type { MutationReport } from './verdicts.ts';
import type { Target } from './targets.ts';

const FOLDER = 'build/mutation';
const RUNNERS = 2;
// Beyond half as much again as the tests take by themselves. Longer than the patience of a test, which fails then: what takes longer still
// does not end, however busy the machine is.
const PATIENCE_MS = 10_000;
const LAST_OUTPUT_LENGTH = 2_000;

/** How a process ended: its exit status, null where a signal ended it, and the end of what it printed. */
interface Ended {
  readonly status: number | null;
  readonly output: string;
}

async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Ended> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env, ...(signal && { signal }) });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-LAST_OUTPUT_LENGTH)));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}

/**
 * Installs Stryker in `build/mutation`, in the exact versions of the lock file beside this. It finds Vitest in the project's own
 * `node_modules`, two folders up, so what is tested is what `npm test` runs. Does nothing where just these versions are there. Rejects where npm fails.
 */
export async function installStryker(): Promise<void> {
  const wanted = readFileSync('test/mutation/package-lock.json', 'utf8');
  // npm writes this when it is done.
  const isWhole = existsSync(`${FOLDER}/node_modules/.package-lock.json`);
  if (isWhole && readFileSync(`${FOLDER}/package-lock.json`, 'utf8') === wanted) return;
  mkdirSync(FOLDER, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) cpSync(`test/mutation/${name}`, `${FOLDER}/${name}`);
  const args = [
    'ci',
    '--prefix',
    FOLDER,
    '--ignore-scripts',
    '--legacy-peer-deps',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const { status, output } = await run('npm', args, process.env);
  if (status !== 0) throw new Error(`npm ci in ${FOLDER} ended with ${String(status)}:\n${output}`);
}

/**
 * Seeds defects into some files, one at a time, in a copy of the project, and runs the tests with each; or gives what came of it when all
 * was as it is now. Rejects when the tests fail without any defect, and when the signal aborts.
 */
export async function seedDefects(target: Target, signal: AbortSignal): Promise<Result> {
  const place = `${FOLDER}/${target.files.map((file) => basename(file, '.ts')).join('+')}`;
  const key = keyOf(target);
  const kept = readResult(`${place}.result.json`, key);
  if (kept) return kept;
  const startedMs = performance.now();
  const report = await runStryker(target, place, signal);
  const result = { report, minutes: (performance.now() - startedMs) / 60_000 };
  writeResult(`${place}.result.json`, key, result);
  return result;
}

async function runStryker({ files, tests }: Target, place: string, signal: AbortSignal): Promise<MutationReport> {
  const [settings, report] = [`${place}.settings.json`, `${place}.report.json`];
  rmSync(report, { force: true });
  writeFileSync(
    settings,
    JSON.stringify({
      mutate: files,
      testRunner: 'vitest',
      vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
      coverageAnalysis: 'perTest',
      concurrency: RUNNERS,
      timeoutMS: PATIENCE_MS,
      reporters: ['json'],
      jsonReporter: { fileName: report },
      tempDirName: `${FOLDER}/sandbox`,
      ignorePatterns: ['build', 'dist', 'coverage', 'deploy'],
      allowConsoleColors: false,
      logLevel: 'warn',
      warnings: false,
    }),
  );
  const stryker = `${FOLDER}/node_modules/@stryker-mutator/core/bin/stryker.js`;
  // In a zone of its own, so that what takes local time for UTC shows.
  const env = { ...process.env, CCT_MUTATION_TESTS: tests.join(','), TZ: 'Asia/Kathmandu' };
  const { status, output } = await run(process.execPath, [stryker, 'run', settings], env, signal);
  if (status !== 0) throw new Error(`Stryker ended with ${String(status)} at ${files.join(' ')}:\n${output}`);
  return JSON.parse(readFileSync(report, 'utf8')) as MutationReport;
}
