import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { MutationReport } from './score.ts';
import type { Target } from './targets.ts';

const FOLDER = 'build/mutation';
// Added to one and a half times what the tests take without a defect. Longer than the timeout of a test, which then fails first.
const TIMEOUT_MS = 10_000;

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  const { status, signal, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${String(status ?? signal)}`);
}

/**
 * Installs Stryker in `build/mutation`, in the versions of the lock file beside this, unless they are there. It finds Vitest in the
 * project's own `node_modules`, two directories up. Throws where npm fails.
 */
export function installStryker(): void {
  const wanted = readFileSync('test/mutation/package-lock.json', 'utf8');
  // npm writes this when it is done.
  const isWhole = existsSync(`${FOLDER}/node_modules/.package-lock.json`);
  if (isWhole && readFileSync(`${FOLDER}/package-lock.json`, 'utf8') === wanted) return;
  mkdirSync(FOLDER, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) cpSync(`test/mutation/${name}`, `${FOLDER}/${name}`);
  const flags = ['--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['ci', '--prefix', FOLDER, ...flags], process.env);
}

/** Seeds defects into files, one at a time, in a copy of the project, and runs the tests with each. Throws when they fail without any. */
export function seedDefects({ files, tests }: Target): MutationReport {
  const [settings, report] = [`${FOLDER}/settings.json`, `${FOLDER}/report.json`];
  rmSync(report, { force: true });
  writeFileSync(
    settings,
    JSON.stringify({
      mutate: files,
      testRunner: 'vitest',
      vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
      coverageAnalysis: 'perTest',
      concurrency: 2,
      timeoutMS: TIMEOUT_MS,
      reporters: ['json'],
      jsonReporter: { fileName: report },
      tempDirName: `${FOLDER}/sandbox`,
      ignorePatterns: ['build', 'dist', 'coverage', 'deploy'],
      allowConsoleColors: false,
      logLevel: 'warn',
      warnings: false,
    }),
  );
  // Another zone than UTC, so that a confusion with local time shows.
  const env = { ...process.env, CCT_MUTATION_TESTS: tests.join(','), TZ: 'Asia/Kathmandu' };
  run(process.execPath, [`${FOLDER}/node_modules/@stryker-mutator/core/bin/stryker.js`, 'run', settings], env);
  return JSON.parse(readFileSync(report, 'utf8')) as MutationReport;
}
