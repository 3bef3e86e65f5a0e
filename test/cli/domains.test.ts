import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { sampleSnapshotText } from '../../src/tracker/snapshot/sample-snapshot.ts';
import { readAnswer, runMain } from '../helpers/run-cct.ts';
import { startServe } from '../helpers/serve.ts';
import { asking, openTracker, SAMPLE, writeTempFile } from './live.ts';
import { openHome } from './snapshot-home.ts';

const rowSchema = z.object({
  observable: z.object({ value: z.string() }),
  status: z.string(),
  source: z.optional(z.string()),
  reason: z.optional(z.string()),
  matched: z.optional(z.object({ by: z.string() })),
});
/** Rows as `value status source reason`. */
const toRows = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => rowSchema.parse(JSON.parse(line)))
    .map(({ observable, status, source, reason }) => [observable.value, status, source ?? reason].join(' '));

/** A run against a tracker that lists nothing; fails where a domain was sent. */
async function observe(args: readonly string[], options: { readonly stdin?: string; readonly isInstalled?: boolean } = {}) {
  const tracker = await openTracker();
  const home = openHome();
  if (options.isInstalled === true) home.put(sampleSnapshotText);
  const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson', ...args], {
    env: home.env,
    ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
  });
  expect(tracker.lookups().filter(({ key }) => key?.includes('example') === true || key?.includes('corp') === true)).toEqual([]);
  return { ...run, rows: toRows(run.stdout), notes: run.stderr.split('\n').slice(0, -1) };
}

const UNSUPPORTED = 'skipped unsupported: domains need a list';

describe('without a list', () => {
  test('domains are skipped, and the summary says what they need', async () => {
    const { status, rows, notes } = await observe([], { stdin: 'panel.example\nnew[.]example\n192.0.2.1\npanel.example\n' });
    expect(rows).toEqual([`panel.example ${UNSUPPORTED}`, `new.example ${UNSUPPORTED}`, '192.0.2.1 unlisted live']);
    expect(notes).toEqual(['3 observables: 1 unlisted, 2 skipped (0.0 s)', '2 domains need a list: cct snapshot update']);
    expect(status).toBe(0);
  });

  test('so they are where only the live site is asked', async () => {
    const { rows, notes } = await observe(['--source', 'live'], { stdin: 'panel.example\n', isInstalled: true });
    expect([rows, notes.at(-1)]).toEqual([
      [`panel.example ${UNSUPPORTED}`],
      '1 domain needs a list: cct snapshot update, without --source live',
    ]);
  });

  test('-q hides that, but not where values were given and none was looked up', async () => {
    expect((await observe(['-q'], { stdin: 'panel.example\n' })).notes).toEqual([]);
    expect((await observe(['-q', '--domain', 'panel.example', '--ip', '192.0.2.1'])).notes).toEqual([]);
    expect((await observe(['-q', '--domain', 'panel.example,new.example'])).notes).toEqual([
      'cct: nothing was looked up: panel.example (unsupported: domains need a list); new.example (unsupported: domains need a list)',
      'cct: 2 domains need a list: cct snapshot update',
    ]);
  });
});

describe('with a list', () => {
  test('the installed one answers them where live answers the rest', async () => {
    const stdin = 'panel.example\nnew[.]example\n192.0.2.1\n';
    const { status, rows, notes } = await observe([], { stdin, isInstalled: true });
    expect(rows).toEqual(['panel.example listed snapshot', 'new.example unlisted snapshot', '192.0.2.1 unlisted live']);
    expect([status, notes.filter((note) => note.includes('need'))]).toEqual([0, []]);
    expect(notes).toContainEqual(expect.stringContaining('the snapshot of 2018-01-31 is'));
  });

  test('private and given ones too', async () => {
    const args = ['--domain', 'dc1.corp,localhost', '--domain', 'panel.example', '--fail-on-listed'];
    const { status, rows } = await observe(args, { isInstalled: true });
    expect(rows).toEqual(['dc1.corp unlisted snapshot', 'localhost unlisted snapshot', 'panel.example listed snapshot']);
    expect(status).toBe(10);
  });

  test('a named one does, and one that is asked alone', async () => {
    const wanted = ['panel.example listed snapshot', 'new.example unlisted snapshot'];
    const args = ['--domain', 'panel.example,new.example'];
    expect((await observe([...args, ...SAMPLE, '--source', 'auto'])).rows).toEqual(wanted);
    expect((await observe([...args, ...SAMPLE])).rows).toEqual(wanted);
    expect((await observe([...args, '--offline'], { isInstalled: true })).rows).toEqual(wanted);
  });

  test('that is broken they fail, and the reason is said', async () => {
    const home = openHome();
    home.put('# cct snapshot 1\n');
    const tracker = await openTracker();
    const run = await runMain(['observe', ...asking(tracker), '--domain', 'panel.example'], { env: home.env });
    expect(run.status).toBe(4);
    expect(run.stderr).toContain('snapshot.tsv');
  });

  test('what is not to be asked is not', async () => {
    const exclude = writeTempFile('exclude.txt', 'panel.example\n');
    const { rows } = await observe(['--exclude', exclude, '--domain', 'panel.example'], { isInstalled: true });
    expect(rows).toEqual([expect.stringMatching(/^panel\.example skipped excluded/)]);
  });
});

describe('the relay', () => {
  const DOMAINS = ['panel.example', 'new.example'].map((value) => ({ type: 'domain', value }));

  test('answers them from an installed list', async () => {
    const home = openHome();
    home.put(sampleSnapshotText);
    const tracker = await openTracker();
    const relay = await startServe(asking(tracker), { env: home.env });
    const { verdicts, errors } = readAnswer(await (await relay.post('/observe/observables', DOMAINS)).text());
    expect([verdicts, errors, tracker.lookups()]).toEqual([['panel.example'], [], []]);
  });

  test('leaves them out silently without one', async () => {
    const tracker = await openTracker();
    const relay = await startServe(asking(tracker), { env: openHome().env });
    const { verdicts, errors } = readAnswer(await (await relay.post('/observe/observables', DOMAINS)).text());
    expect([verdicts, errors, tracker.lookups()]).toEqual([undefined, [], []]);
  });
});

describe('what is passed over', () => {
  const TEXT = '192.0.2.1\nversion 1.2.3.4\nmail a@drop.example about setup.zip, 198.51.100.0/24\n';

  test('is counted in the summary', async () => {
    const { notes } = await observe([], { stdin: TEXT });
    expect(notes).toEqual(['1 observable: 1 unlisted; 4 passed over (0.0 s)']);
  });

  test('is listed with -v, with file, line and reason', async () => {
    const file = writeTempFile('a.txt', TEXT);
    const { notes } = await observe(['-v', ...SAMPLE, file]);
    expect(notes).toEqual([
      `${file}:2: passed over 1.2.3.4 (version)`,
      `${file}:3: passed over drop.example (mail address)`,
      `${file}:3: passed over setup.zip (file name)`,
      `${file}:3: passed over 198.51.100.0/24 (range)`,
      `${file}: text, 3 lines`,
      'passed over: version 1, mail address 1, file name 1, range 1',
      '1 observable: 1 unlisted; 4 passed over (0.0 s)',
    ]);
  });

  test('is hinted at where nothing else was found', async () => {
    const { notes } = await observe([], { stdin: 'version 1.2.3.4\n' });
    expect(notes[0]).toBe('stdin: no observables found; list what was passed over with -v');
  });
});

test('a hostname is answered as a domain, and its documents name it as it was asked', async () => {
  const stdin = JSON.stringify([{ type: 'Hostname', value: 'panel.example' }]);
  const run = await runMain(['observe', '--snapshot', 'sample', '-q'], { stdin });
  const { data } = JSON.parse(run.stdout) as { data: Record<string, { docs: { observable: unknown }[] }> };
  const observable = { type: 'hostname', value: 'panel.example' };
  expect(Object.values(data).map(({ docs }) => docs.map((doc) => doc.observable))).toEqual([[observable], [observable]]);
});
