/** Files of src into which defects are seeded in one run, and the tests that shall catch them. */
export interface Target {
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

// The tests of a file have its name, unless they are named here.
const TESTS: Readonly<Record<string, readonly string[]>> = {
  'core/enrich': ['core/enrich', 'core/enrich-batches', 'core/confirm'],
  'core/host': ['core/host', 'core/host-private'],
  'core/observable': ['core/observable', 'core/observable-domain', 'core/observable-types', 'core/exclusions'],
  'core/ctim': ['core/ctim', 'core/ctim-answers'],
  'core/envelope': ['core/envelope', 'core/ctim'],
  'tracker/list-html': ['tracker/list-html', 'tracker/list-html-links', 'tracker/hostile-lists'],
  'tracker/list-reading': ['tracker/list-tsv'],
  'tracker/list-row': ['tracker/list-tsv'],
  'tracker/retry': ['tracker/retry', 'tracker/retry-leaving'],
  'tracker/snapshot': ['tracker/snapshot', 'tracker/snapshot-match'],
};

const inCore = (...names: readonly string[]) => names.map((name) => `core/${name}`);
const inTracker = (...names: readonly string[]) => names.map((name) => `tracker/${name}`);

/*
 * All of the core, and of the tracker what reads and judges. Left out is what talks to a socket, a disk or a server of Redis: its tests
 * start real ones, which takes seconds for each defect. Small files share a run, because each begins with running the tests without a
 * defect; but a defect in what a module does when it is loaded is tried with all tests of its run.
 */
const RUNS: readonly (readonly string[])[] = [
  inCore(
    'amount',
    'detached-text',
    'distinct',
    'exclusions',
    'health',
    'item',
    'json-text',
    'moment',
    'plan',
    'safe-text',
    'tracker',
  ),
  inCore('host', 'observable'),
  inCore('ledger', 'mapper'),
  inCore('enrich'),
  inCore('envelope'),
  inCore('errors'),
  inCore('ctim'),
  inTracker('list-hosts', 'list-lines', 'list-reading', 'list-row', 'list-tsv'),
  inTracker('list-detect', 'list-merge'),
  inTracker('list-html'),
  inTracker('snapshot', 'snapshot-file'),
  inTracker('cache-entry', 'stored-answer'),
  inTracker('failures', 'fallback', 'once', 'queue', 'redirects', 'reply', 'retry', 'slices', 'turns', 'user-folders'),
  inTracker('cache', 'layered-store'),
  inTracker('fair-turns'),
  inTracker('challenge'),
];

const toTestFiles = (name: string) => (TESTS[name] ?? [name]).map((test) => `test/${test}.test.ts`);

/** All runs. */
export const TARGETS: readonly Target[] = RUNS.map((names) => ({
  files: names.map((name) => `src/${name}.ts`),
  tests: [...new Set(names.flatMap(toTestFiles))],
}));
