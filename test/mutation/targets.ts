import { readdirSync } from 'node:fs';

/** Sources into which defects are seeded in one run, and the tests that must catch them. */
export interface Target {
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

/*
 * All of the core, and of the tracker what reads and judges. What talks to a socket, a disk or Redis is left out: its tests start real
 * servers, which takes seconds for each defect. Names are of `src` and `test`, compared from their start.
 */
const RUNS: readonly { readonly directory: string; readonly names: readonly string[]; readonly moreTests?: readonly string[] }[] =
  [
    { directory: 'core', names: [''] },
    { directory: 'tracker', names: ['fallback', 'sharing'] },
    {
      directory: 'tracker/lists',
      names: ['list-detect', 'list-hosts', 'list-html', 'list-lines', 'list-merge', 'list-reading', 'list-row', 'list-tsv'],
      moreTests: ['hostile-lists'],
    },
    { directory: 'tracker/snapshot', names: ['matching', 'snapshot-file'] },
    { directory: 'tracker/cache', names: ['answer-store', 'remembering', 'stored-answer'] },
    { directory: 'tracker/live', names: ['challenge', 'failures', 'redirects', 'reply', 'retry'] },
  ];

function list(directory: string, end: string, names: readonly string[]): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(end) && !file.endsWith('.system.test.ts') && names.some((name) => file.startsWith(name)))
    .map((file) => `${directory}/${file}`);
}

/** All runs. */
export const TARGETS: readonly Target[] = RUNS.map(({ directory, names, moreTests = [] }) => ({
  files: list(`src/${directory}`, '.ts', names),
  tests: list(`test/${directory}`, '.test.ts', [...names, ...moreTests]),
}));
