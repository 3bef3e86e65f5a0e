import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from './targets.ts';
import type { MutationReport } from './verdicts.ts';

/** What came of one run, and how long it took. */
export interface Result {
  readonly report: MutationReport;
  readonly minutes: number;
}

const LOCKS = ['package-lock.json', 'test/mutation/package-lock.json'];
const SETTINGS = ['test/mutation/vitest.config.ts', 'test/mutation/no-shrinking.ts', 'test/mutation/load-failures.ts'];

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function digest(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(createHash('sha256').update(readFileSync(file)).digest());
  return hash.digest('hex');
}

/**
 * Stands for all that can change what comes of a run: the source, the tests of the run, what tests share, libraries and settings. A
 * long run that was stopped, or after which one test was added, need not try again what is the same.
 */
export function keyOf({ files, tests }: Target): string {
  const shared = [...listFiles('test/core'), ...listFiles('test/tracker')].filter((file) => !file.endsWith('.test.ts'));
  // The core knows nothing but itself, and the tracker nothing but the core.
  const rooms = files.every((file) => file.startsWith('src/core/')) ? ['src/core'] : ['src/core', 'src/tracker'];
  const all = [...rooms.flatMap(listFiles), ...listFiles('test/helpers'), ...shared, ...tests, ...LOCKS, ...SETTINGS];
  return `${digest(all)} ${files.join(' ')}`;
}

/** The result that was kept under this key; undefined where there is none, or one of another key. */
export function readResult(path: string, key: string): Result | undefined {
  if (!existsSync(path)) return undefined;
  const kept = JSON.parse(readFileSync(path, 'utf8')) as Result & { readonly key: string };
  return kept.key === key ? kept : undefined;
}

/** Keeps a result, in place of an older one. */
export function writeResult(path: string, key: string, result: Result): void {
  writeFileSync(path, JSON.stringify({ key, ...result }));
}
