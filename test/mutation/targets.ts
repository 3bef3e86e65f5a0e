/** Files of src into which defects are seeded in one run, and the tests that shall catch them. */
export interface Target {
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

// The tests of a file have its name, unless they are named here.
const TESTS: Readonly<Record<string, readonly string[]>> = {
  'core/enrich': ['core/enrich', 'core/enrich-batches', 'core/confirm'],
  'core/outcome': ['core/enrich', 'core/confirm'],
  'core/tracker': ['core/enrich', 'core/confirm'],
  'core/host': ['core/host', 'core/host-private'],
  'core/observable': ['core/observable', 'core/observable-domain', 'core/observable-types', 'core/exclusions'],
  'core/ctim': ['core/ctim', 'core/ctim-answers'],
  'core/envelope': ['core/envelope', 'core/ctim'],
  'tracker/lists/list-html': ['tracker/lists/list-html', 'tracker/lists/list-html-links', 'tracker/lists/hostile-lists'],
  'tracker/lists/list-reading': ['tracker/lists/list-tsv'],
  'tracker/lists/list-row': ['tracker/lists/list-tsv'],
  'tracker/snapshot/matching': ['tracker/snapshot/matching', 'tracker/snapshot/matching-match'],
};

const inCore = (...names: readonly string[]) => names.map((name) => `core/${name}`);
const inTracker = (directory: string, ...names: readonly string[]) => names.map((name) => `tracker/${directory}${name}`);

/*
 * All of the core, and of the tracker what reads and judges. Left out is what talks to a socket, a disk or a server of Redis: its tests
 * start real ones, which takes seconds for each defect. Small files share a run, because each begins with running the tests without a
 * defect; but a defect in what a module does when it is loaded is tried with all tests of its run.
 */
const RUNS: readonly (readonly string[])[] = [
  inCore('amount', 'detached-text', 'distinct', 'exclusions', 'health', 'item', 'json-text', 'plan', 'safe-text', 'tracker'),
  inCore('host', 'observable'),
  inCore('ledger', 'mapper'),
  inCore('confirm', 'enrich', 'outcome'),
  inCore('envelope'),
  inCore('call', 'errors'),
  inCore('ctim'),
  inTracker('lists/', 'list-hosts', 'list-lines', 'list-reading', 'list-row', 'list-tsv'),
  inTracker('lists/', 'list-detect', 'list-merge'),
  inTracker('lists/', 'list-html'),
  inTracker('snapshot/', 'matching', 'snapshot-file'),
  inTracker('cache/', 'cache-entry', 'stored-answer', 'slices', 'turns'),
  inTracker('', 'fallback', 'queue', 'sharing'),
  inTracker('live/', 'failures', 'redirects', 'reply', 'retry'),
  inTracker('cache/', 'remembering', 'layered-store'),
  inTracker('live/', 'challenge'),
];

const toTestFiles = (name: string) => (TESTS[name] ?? [name]).map((test) => `test/${test}.test.ts`);

/** All runs. */
export const TARGETS: readonly Target[] = RUNS.map((names) => ({
  files: names.map((name) => `src/${name}.ts`),
  tests: [...new Set(names.flatMap(toTestFiles))],
}));
