import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { like, openTempDir, readAnswer, runMain, startMain } from '../helpers/run-cct.ts';
import { waitUntil } from '../helpers/serve.ts';
import { asking, complaint, keysAsked, openTracker, SAMPLE, writeTempFile } from './live.ts';
import { changesIn, ENTRY, LISTED, openState, OTHER_PAGE, toList, UNLISTED, UNLISTED_ROW } from './state-file.ts';

const HEADER = '{"cct_state":1}';
const urls = (...values: readonly string[]) => values.flatMap((value) => ['--url', value]);

describe('--state', () => {
  test('prints all in the first run, which it says, and nothing in the next', async () => {
    const { path, observe } = openState();
    const first = await observe(toList(ENTRY), ...urls(LISTED, OTHER_PAGE, UNLISTED));
    expect(changesIn(first.stdout)).toEqual([`new listed ${LISTED}`, `new unlisted ${OTHER_PAGE}`, `new unlisted ${UNLISTED}`]);
    expect([first.status, first.stderr]).toEqual([
      0,
      `${path} does not exist: this is the first run, and every row is new\n` +
        '3 observables: 1 listed, 2 unlisted (1 on listed hosts); 3 new (0.0 s)\n' +
        'the newest hit is 7 years old: 2018-01-14\n',
    ]);
    const again = await observe(toList(ENTRY), ...urls(LISTED, OTHER_PAGE, UNLISTED));
    expect([again.status, again.stdout, again.stderr]).toEqual([
      0,
      '',
      '3 observables: 1 listed, 2 unlisted (1 on listed hosts); no changes (0.0 s)\nthe newest hit is 7 years old: 2018-01-14\n',
    ]);
  });

  test('holds the compared fields only, sorted, and what is not in the input stays', async () => {
    const { text, observe } = openState();
    await observe(toList(ENTRY), ...urls(UNLISTED, LISTED));
    await observe(toList(ENTRY), ...urls(OTHER_PAGE));
    expect(text().split('\n')).toEqual([
      HEADER,
      `{"observable":{"type":"url","value":"${LISTED}"},"status":"listed","family":"Pony","matched":{"entry":"panel.example/a","date":"2018-01-14"}}`,
      `{"observable":{"type":"url","value":"${OTHER_PAGE}"},"status":"unlisted","related":{"entry":"panel.example/a"}}`,
      UNLISTED_ROW,
      '',
    ]);
  });

  test('tells new, changed and gone rows, and counts them', async () => {
    const { observe } = openState();
    await observe(
      toList(ENTRY, '2018-01-14\turl\told.example/x\t\tPony'),
      ...urls(LISTED, UNLISTED, 'old.example/x', 'old.example/y'),
    );
    const { stdout, stderr } = await observe(
      toList(ENTRY.replace('Pony', 'ZeuS')),
      ...urls(LISTED, UNLISTED, 'old.example/x', 'old.example/y', 'http://fresh.example/'),
    );
    expect(changesIn(stdout)).toEqual([
      `changed listed ${LISTED}`,
      'gone unlisted old.example/x',
      'gone unlisted old.example/y',
      'new unlisted http://fresh.example/',
    ]);
    expect(stderr).toContain('5 observables: 1 listed, 4 unlisted; 1 new, 1 changed, 2 gone (0.0 s)\n');
  });

  test('prints changed rows only in every format', async () => {
    const { path, observe } = openState();
    await observe(toList(ENTRY), ...urls(LISTED, UNLISTED));
    const before = readFileSync(path);
    const list = toList(ENTRY, '2019-01-01\turl\tfresh.example/\t\tZeuS');
    const run = async (...flags: readonly string[]) => {
      writeFileSync(path, before);
      return (await observe(list, ...urls(LISTED, UNLISTED, 'fresh.example/'), ...flags)).stdout;
    };
    expect(readAnswer(await run('--format', 'json')).verdicts).toEqual(['fresh.example/']);
    expect((await run('--format', 'csv')).split('\n').map((line) => line.split(',').at(-1))).toEqual(['change', 'new', '']);
    expect((await run('--format', 'table')).split('\n')).toEqual([
      like(/^CHANGE {2}STATUS {2}TYPE/),
      like(/^new {5}listed {2}url {3}fresh\.example\/ /),
      '',
    ]);
  });

  test('shows the other rows of a status too, where --only leaves them out', async () => {
    const { text, observe } = openState();
    const { stdout, stderr } = await observe(toList(ENTRY), ...urls(LISTED, UNLISTED), '--only', 'listed');
    expect([changesIn(stdout), text()]).toEqual([[`new listed ${LISTED}`], like(/"status":"unlisted"/)]);
    expect(stderr).toContain('; 2 new (');
  });

  test.each([
    [['--fail-on-listed'], [10, 0]],
    [['--fail-on-related'], [10, 0]],
    [
      ['--fail-on-listed', '--only', 'unlisted'],
      [0, 0],
    ],
  ])('counts printed rows for %j', async (flags, expected) => {
    const { observe } = openState();
    const run = async () => (await observe(toList(ENTRY), ...urls(LISTED, OTHER_PAGE), ...flags)).status;
    expect([await run(), await run()]).toEqual(expected);
  });

  test('keeps what is known of a failed row, which is printed without a change', async () => {
    const { path, text } = openState();
    const tracker = await openTracker({ listings: { '192.0.2.1': 'Malicious: Pony' } });
    const observe = () =>
      runMain(['deliberate', ...asking(tracker), '--no-cache', '--ip', '192.0.2.1', '--state', path, '--format', 'ndjson']);
    await observe();
    const before = text();
    tracker.set({ faults: { '192.0.2.1': 'html' } });
    const failed = await observe();
    expect([failed.status, changesIn(failed.stdout), text()]).toEqual([4, ['undefined failed 192.0.2.1'], before]);
    tracker.set({ faults: {} });
    expect(await observe()).toMatchObject({ status: 0, stdout: '' });
    expect(before).toContain('"status":"listed","family":"Pony"');
  });

  test('is not written by an interrupted run, whose rows come again', async () => {
    const { path, observe, text } = openState();
    await observe(toList(ENTRY), ...urls(UNLISTED));
    const before = text();
    const tracker = await openTracker({ listings: { '192.0.2.1': 'Malicious' }, faults: { '192.0.2.66': 'stalled-headers' } });
    const args = ['--concurrency', '1', '--ip', '192.0.2.1', '--ip', '192.0.2.66', '--state', path, '--format', 'ndjson'];
    const run = startMain(['observe', ...asking(tracker), ...args]);
    await waitUntil(() => keysAsked(tracker).includes('192.0.2.66'));
    run.stop('SIGINT');
    const { status, stdout, stderr } = await run.finished;
    expect([status, changesIn(stdout)]).toEqual([130, ['new listed 192.0.2.1', 'undefined failed 192.0.2.66']]);
    expect(stderr).toContain(`${path} was not updated\n`);
    expect([text(), readdirSync(dirname(path))]).toEqual([before, ['state.ndjson']]);
  });

  test('is not written where the output fails after it was taken', async () => {
    const { path } = openState();
    const stdout = new Writable({
      write(_chunk, _encoding, done) {
        setImmediate(done, Object.assign(new Error('gone'), { code: 'EPIPE' }));
      },
    });
    const { status } = await runMain(['observe', ...SAMPLE, '--ip', '192.0.2.1', '--state', path, '--format', 'ndjson'], {
      stdout,
    });
    expect([status, readdirSync(dirname(path))]).toEqual([141, []]);
  });

  test('is not written where the input breaks', async () => {
    const { path } = openState();
    const stdin = '{"type":"ip","value":"192.0.2.1"}\n{"type":"ip"}\n';
    const run = await runMain(['observe', ...SAMPLE, '--state', path, '--format', 'ndjson'], { stdin });
    expect([run.status, changesIn(run.stdout), readdirSync(dirname(path))]).toEqual([2, ['new unlisted 192.0.2.1'], []]);
  });

  test('is input too', async () => {
    const { path, observe } = openState();
    await observe(toList(ENTRY), ...urls(LISTED, UNLISTED));
    const read = await runMain(['observe', path, ...SAMPLE, '--format', 'ndjson', '-v']);
    expect(read.stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(read.stderr).toContain(`${path}: cct's state, 2 rows\n`);
    const empty = await runMain(['observe', writeTempFile('state', `${HEADER}\n`), ...SAMPLE]);
    expect([empty.status, empty.stdout]).toEqual([0, '{"data":{}}\n']);
  });

  test('of a link replaces what the link names', async () => {
    const { path, observe } = openState();
    await observe(toList(ENTRY), ...urls(UNLISTED));
    const link = join(openTempDir(), 'link');
    symlinkSync(path, link);
    const run = await runMain(['observe', ...SAMPLE, '--url', 'http://fresh.example/', '--state', link]);
    expect([run.status, readFileSync(path, 'utf8')]).toEqual([0, like(/fresh\.example/)]);
  });
});

describe('a state that cannot be used', () => {
  const row = '{"observable":{"type":"ip","value":"192.0.2.1"},"status":"unlisted"}';
  test.each([
    ['of another tool', '{"type":"ip","value":"192.0.2.1"}\n', ': not a state file of cct. Use another file for --state'],
    ['that is no JSON', 'last run: today\n', ': not a state file of cct. Use another file for --state'],
    ['that is an output of cct', `${row}\n`, ': not a state file of cct. Use another file for --state'],
    ['that is empty', '', ': not a state file of cct. Use another file for --state'],
    ['of a newer version', '{"cct_state":2}\n', ': a state of version 2; this cct reads version 1. Use another file'],
    ['that is cut in a line', `${HEADER}\n${row}\n${row.slice(0, 30)}`, ':3: invalid JSON: the file is damaged or truncated'],
    ['that is cut before a line break', `${HEADER}\n${row}`, ': the file is truncated: its last line has no line break'],
    ['with another row', `${HEADER}\n{"status":"listed"}\n`, ':2: expected an observable'],
  ])('%s is an error: it stays as it is, and nothing is asked', async (_what, content, message) => {
    const tracker = await openTracker();
    const path = writeTempFile('state.ndjson', content);
    const run = await runMain(['observe', ...asking(tracker), '--ip', '192.0.2.1', '--state', path]);
    expect(run).toEqual(complaint(`${path}${message}`));
    expect([readFileSync(path, 'utf8'), readdirSync(dirname(path)), tracker.requests]).toEqual([content, ['state.ndjson'], []]);
  });

  test('is a directory, or has none', async () => {
    const dir = openTempDir();
    mkdirSync(join(dir, 'sub'));
    const run = (path: string) => runMain(['observe', ...SAMPLE, '--ip', '192.0.2.1', '--state', path]);
    expect(await run(join(dir, 'sub'))).toEqual(complaint(`${join(dir, 'sub')}: a state must be a regular file`));
    expect(await run('/dev/null')).toEqual(complaint('/dev/null: a state must be a regular file'));
    expect(await run(join(dir, 'none', 's'))).toMatchObject({
      status: 2,
      stdout: '',
      stderr: like(/cct: cannot write \S+: its directory does not exist\n$/),
    });
  });

  test.each([
    [['--state', 'a', '--new-since', 'b'], {}, '--new-since and --state cannot be used together: give only one'],
    [['--new-since', 'b'], { CCT_STATE: 'a' }, '--new-since and CCT_STATE cannot be used together: give only one'],
    [['--state', '-'], {}, '--state: expected a file, not stdin'],
  ])('is refused before anything is asked: %j', async (args, env, message) => {
    const tracker = await openTracker();
    expect(await runMain(['observe', ...asking(tracker), '--ip', '192.0.2.1', ...args], { env })).toEqual(complaint(message));
    expect([tracker.requests, existsSync('x')]).toEqual([[], false]);
  });
});
