import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { parseSnapshot } from '../../src/tracker/snapshot-file.ts';
import type { FakeTracker, ListEntry, ListFault } from '../helpers/fake-tracker.ts';
import { cctCommand, like, openTempDir, readRows, runMain, spawnCct, startMain } from '../helpers/run-cct.ts';
import { asking, openTracker, writeTempFile } from './live.ts';

/** So many rows, each with an address of its own, the newest first. */
function toEntries(count: number): ListEntry[] {
  return Array.from({ length: count }, (_, at) => ({
    date: '30-12-2025',
    url: `h${at}.example/x`,
    ip: `198.51.${100 + Math.floor(at / 250)}.${at % 250}`,
    family: at % 2 === 0 ? 'Pony' : 'ZeuS',
  }));
}

/** A home of its own, in which a tracker's list is installed. */
function openHome(tracker: FakeTracker) {
  const home = openTempDir();
  const env = { XDG_DATA_HOME: home };
  const dir = join(home, 'cct');
  const path = join(dir, 'snapshot.tsv');
  return {
    env,
    dir,
    path,
    args: ['snapshot', 'update', ...asking(tracker)],
    update: (...flags: readonly string[]) => runMain(['snapshot', 'update', ...asking(tracker), ...flags], { env }),
    run: (...args: readonly string[]) => runMain(args, { env }),
    files: () => readdirSync(dir),
    text: () => readFileSync(path, 'utf8'),
    urls: () => parseSnapshot(readFileSync(path, 'utf8')).entries.map(({ url }) => url),
    put(text: string) {
      mkdirSync(dir, { recursive: true });
      writeFileSync(path, text);
    },
  };
}

const NOTHING_UNUSABLE =
  'not usable: 0 rows dropped · 0 addresses ignored · 0 private addresses never matched · 0 dates not understood\n';
const installed = (count: number) => `${count} entries are installed; --offline asks them\n`;
const compared = (added: number, gone: number) =>
  `compared with the snapshot before: ${added} entries are new, ${gone} are gone\n`;

describe('an update', () => {
  test('installs the list of the live site, of today, and it answers', async () => {
    const tracker = await openTracker({ entries: toEntries(1500), challenge: 'on' });
    const home = openHome(tracker);
    const { status, stdout, stderr } = await home.update();
    expect([status, JSON.parse(stdout), stderr, home.files()]).toEqual([
      0,
      {
        ...{ date: '2026-01-02', origin: `${tracker.url}index.php`, entries: 1500, families: 2 },
        ...{ first_listed: '2025-12-30', last_listed: '2025-12-30', path: home.path },
      },
      NOTHING_UNUSABLE + installed(1500),
      ['snapshot.tsv'],
    ]);
    const asked = await home.run(
      'observe',
      '--offline',
      '--format',
      'ndjson',
      '--url',
      'http://h1499.example/x',
      '--ip',
      '198.51.105.249',
    );
    expect(readRows(asked.stdout)).toEqual(['listed url http://h1499.example/x', 'listed ip 198.51.105.249']);
  });

  test('replaces the one before, and says what has changed', async () => {
    const tracker = await openTracker({ entries: toEntries(4) });
    const home = openHome(tracker);
    await home.update();
    tracker.set({ entries: toEntries(7).slice(2) });
    expect(await home.update()).toMatchObject({ status: 0, stderr: NOTHING_UNUSABLE + compared(3, 2) + installed(5) });
    expect(home.urls()).toEqual(
      toEntries(7)
        .slice(2)
        .map(({ url }) => url),
    );
  });

  test('counts what is not usable, with -v names it, and merges what came twice', async () => {
    const [first] = toEntries(1);
    if (!first) throw new Error('no entry');
    const dirty = { date: '31-02-2025', url: '', ip: 'FastFlux', family: 'Lost' };
    const home = openHome(await openTracker({ entries: [first, dirty, first] }));
    const { stderr } = await home.update('-v');
    expect(stderr).toContain('not usable: 1 rows dropped · 1 addresses ignored · ');
    expect(stderr).toMatch(
      /^index\.php\?search=&s=0&m=1000: line \d+: row-dropped: neither a url nor an address, family "Lost"$/m,
    );
    expect(stderr).toContain('1 entries were the same as others: each is there once\n');
  });

  test('says nothing with -q, and on stdout all the same', async () => {
    const home = openHome(await openTracker({ entries: toEntries(1) }));
    const { status, stdout, stderr } = await home.update('-q');
    expect([status, stderr, JSON.parse(stdout)]).toMatchObject([0, '', { entries: 1 }]);
  });

  test('tells the tracker who asks, keeps to the rate and tries again', async () => {
    const tracker = await openTracker({
      entries: toEntries(1),
      listFaults: { 'index.php': { kind: 'status', status: 503 } },
      failFirst: 1,
    });
    const { status } = await openHome(tracker).update('--user-agent', 'me/1', '--rate', '20', '--retries', '1');
    const { requests } = tracker;
    expect([status, requests.map(({ headers }) => headers['user-agent'])]).toEqual([0, ['me/1', 'me/1', 'me/1']]);
    const gaps = requests.slice(1).map(({ atMs }, at) => atMs - (requests[at]?.atMs ?? 0));
    // A timer may fire a millisecond early.
    expect(gaps.filter((gap) => gap < 45)).toEqual([]);
  });
});

describe('from all.php, when index.php is not as it should be', () => {
  const BECAUSE = "because: index.php?search=&s=0&m=1000: an HTML page without the tracker's table: not the list\n";

  test('an update says so', async () => {
    const home = openHome(await openTracker({ entries: toEntries(2), listFaults: { 'index.php': 'html' } }));
    const { status, stdout, stderr } = await home.update();
    expect([status, stderr]).toEqual([
      0,
      `the list is that of all.php, which has no dates, families and addresses, ${BECAUSE}${NOTHING_UNUSABLE}${installed(2)}`,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      origin: like(/all\.php$/),
      entries: 2,
      families: 0,
      first_listed: null,
      last_listed: null,
    });
  });

  test('it never makes the list poorer: what was known of a url stays', async () => {
    const addressOnly = { date: '29-12-2025', url: '', ip: '203.0.113.9', family: 'Pony' };
    const tracker = await openTracker({ entries: [...toEntries(3), addressOnly] });
    const home = openHome(tracker);
    await home.update();
    const rowsBefore = home.text().split('\n').slice(5);
    tracker.set({
      entries: [{ date: '', url: 'new.example', ip: '', family: '' }, ...toEntries(3), addressOnly],
      listFaults: { 'index.php': 'html' },
    });
    const { status, stderr } = await home.update();
    expect([status, stderr]).toEqual([
      0,
      `the list is that of all.php, which has no dates, families and addresses; those known before are kept, ${BECAUSE}` +
        NOTHING_UNUSABLE +
        compared(1, 0) +
        installed(5),
    ]);
    expect(home.text().split('\n').slice(5)).toEqual(['\turl\tnew.example\t\t', ...rowsBefore]);
  });
});

describe('the snapshot before stays', () => {
  test.each<[what: string, fault: ListFault, status: number]>([
    ['pages without the table', 'html', 4],
    ['pages that list nothing', 'no-rows', 4],
    ['pages that are empty', 'empty', 4],
    ['pages that break off', 'cut-chunked', 4],
    ['errors', { kind: 'status', status: 503 }, 4],
    ['a site that wants nobody', { kind: 'status', status: 403 }, 4],
  ])('after %s', async (_what, fault, status) => {
    const tracker = await openTracker({ entries: toEntries(4) });
    const home = openHome(tracker);
    await home.update();
    const before = home.text();
    tracker.set({ listFaults: { 'index.php': fault, 'all.php': fault } });
    const run = await home.update();
    expect(run).toEqual({ status, stdout: '', stderr: like(/^cct: the list could not be downloaded: [^\n]+\n$/) });
    expect([home.text(), home.files()]).toEqual([before, ['snapshot.tsv']]);
  });

  test('when the challenge is not passed', async () => {
    const tracker = await openTracker({ entries: toEntries(4) });
    const home = openHome(tracker);
    await home.update();
    const before = home.text();
    tracker.set({ challenge: 'never-ends' });
    expect(await home.update()).toMatchObject({
      status: 4,
      stderr: 'cct: the list could not be downloaded: The tracker did not accept the answer to its cookie challenge\n',
    });
    expect(home.text()).toBe(before);
  });

  test('when the new one has less than half of its entries, unless --force', async () => {
    const tracker = await openTracker({ entries: toEntries(5) });
    const home = openHome(tracker);
    await home.update();
    tracker.set({ entries: toEntries(2) });
    expect(await home.update()).toEqual({
      status: 4,
      stdout: '',
      stderr:
        'cct: the downloaded list has 2 entries, less than half of the 5 that are installed: these stay. --force installs it all the same\n',
    });
    expect(home.urls()).toHaveLength(5);
    expect(await home.update('--force')).toMatchObject({ status: 0, stderr: NOTHING_UNUSABLE + compared(0, 3) + installed(2) });
    tracker.set({ entries: toEntries(1) });
    expect(await home.update()).toMatchObject({ status: 0 });
  });

  test.each(['index.php', 'all.php'] as const)('when SIGINT ends the update while %s is awaited', async (page) => {
    const tracker = await openTracker({ entries: toEntries(4) });
    const home = openHome(tracker);
    await home.update();
    const before = home.text();
    tracker.set({ listFaults: { 'index.php': 'html', [page]: 'stalled-body' } });
    tracker.requests.length = 0;
    const child = spawnCct(home.args, { env: home.env });
    await vi.waitFor(() => expect(tracker.requests.at(-1)?.path).toContain(page), 10_000);
    child.kill('SIGINT');
    expect(await child.finished).toEqual({
      status: 130,
      signal: null,
      stdout: '',
      stderr: 'cct: Interrupted before it was answered\n',
    });
    expect([home.text(), home.files()]).toEqual([before, ['snapshot.tsv']]);
  });

  test('when SIGINT comes as the last page does', async () => {
    const tracker = await openTracker({ entries: toEntries(4) });
    const home = openHome(tracker);
    await home.update();
    const before = home.text();
    tracker.set({ entries: toEntries(6), listFaults: { 'index.php': { kind: 'slow', delayMs: 50 } }, listFaultFrom: 1 });
    const run = startMain(home.args, { env: home.env });
    await vi.waitFor(() => expect(tracker.requests.at(-1)?.path).toContain('s=6'));
    run.stop('SIGINT');
    expect(await run.finished).toMatchObject({ status: 130, stdout: '' });
    expect(home.text()).toBe(before);
  });
});

describe('an installed snapshot that cannot be used', () => {
  const text = '# cct snapshot 1\n# date: 2025-12-31\n# origin: x\n# entries: 2\n# columns: date covers url ip family\n';
  const row = '2025-12-30\turl\ta.example\t\tPony\n';
  test.each([
    ['cut', text + row + row.slice(0, 20), 'line 7: the last line has no line break: the file is cut'],
    ['of another version', `# cct snapshot 2\n${row}`, 'line 1: a snapshot of version "2", this cct reads version 1'],
    ['with a bad row', text + row + row.replace('url', 'urls'), 'line 7: expected url or host, found "urls"'],
    ['empty', '', 'line 1: expected "# cct snapshot 1", the first line of a cct snapshot'],
  ])('because it is %s is replaced by an update, which says so', async (_what, broken, why) => {
    const home = openHome(await openTracker({ entries: toEntries(1) }));
    home.put(broken);
    expect(await home.update()).toMatchObject({
      status: 0,
      stderr: `the installed snapshot cannot be used, and is replaced: ${home.path}: ${why}\n` + NOTHING_UNUSABLE + installed(1),
    });
    expect(home.urls()).toEqual(['h0.example/x']);
  });

  test.each([
    ['cut', text + row, 'the header says 2 entries, but there are 1: the file is cut'],
    ['of another version', `# cct snapshot 2\n${row}`, 'line 1: a snapshot of version "2", this cct reads version 1'],
  ])('because it is %s is an error of a merge', async (_what, broken, why) => {
    const home = openHome(await openTracker());
    home.put(broken);
    const list = join(openTempDir(), 'all.php');
    writeFileSync(list, 'b.example\n');
    const run = await home.run('snapshot', 'import', '--merge', list);
    expect(run).toEqual({ status: 2, stdout: '', stderr: `cct: ${home.path}: ${why}\n` });
    expect(home.text()).toBe(broken);
  });
});

test('two updates at once both succeed, and leave one whole snapshot', async () => {
  const entries = toEntries(3000);
  const tracker = await openTracker({ entries });
  const home = openHome(tracker);
  const children = [0, 1].map(() => spawnCct([...home.args, '-q'], { env: home.env }));
  expect((await Promise.all(children.map(({ finished }) => finished))).map(({ status, stderr }) => [status, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect([home.urls(), home.files()]).toEqual([entries.map(({ url }) => url), ['snapshot.tsv']]);
});

test('what a killed update left behind is cleared away by a later one, and nothing else', async () => {
  const home = openHome(await openTracker({ entries: toEntries(1) }));
  const made = [
    'snapshot.tsv.cct-draft-aB3dE6',
    'snapshot.tsv.cct-draft-fresh1',
    'snapshot.tsv.cct-draft-mine-1',
    'snapshot.tsv.backup',
  ];
  for (const name of made) mkdirSync(join(home.dir, name, 'x'), { recursive: true });
  writeFileSync(join(home.dir, 'snapshot.tsv.cct-draft-gz1234'), '');
  for (const name of [...made.filter((one) => !one.endsWith('fresh1')), 'snapshot.tsv.cct-draft-gz1234']) {
    utimesSync(join(home.dir, name), new Date('2026-01-02T02:00:00Z'), new Date('2026-01-02T02:00:00Z'));
  }
  utimesSync(join(home.dir, 'snapshot.tsv.cct-draft-fresh1'), new Date('2026-01-02T02:30:00Z'), new Date('2026-01-02T02:30:00Z'));
  expect(await home.update()).toMatchObject({ status: 0 });
  expect(home.files().sort()).toEqual([
    'snapshot.tsv',
    'snapshot.tsv.backup',
    ...['fresh1', 'gz1234', 'mine-1'].map((name) => `snapshot.tsv.cct-draft-${name}`),
  ]);
});

describe('a place that cannot be written is a clear error', () => {
  test('a disk that is full: the snapshot before stays', async () => {
    const tracker = await openTracker({ entries: toEntries(3) });
    const home = openHome(tracker);
    await home.update();
    const before = home.text();
    tracker.set({ entries: toEntries(3000) });
    // A file that may not grow stands for a disk that has no room; it needs no rights.
    const child = spawnCct([...home.args, '--force'], {
      command: ['bash', '-c', 'ulimit -f 64; exec "$@"', 'bash', ...cctCommand],
      env: home.env,
    });
    expect(await child.finished).toEqual({
      ...{ status: 2, signal: null, stdout: '' },
      stderr: `cct: cannot write ${home.path}: a file may not be that large here\n`,
    });
    expect([home.text(), home.files()]).toEqual([before, ['snapshot.tsv']]);
  });

  test.each([
    ['a file in the place of its folder', () => writeTempFile('file', ''), 'a part of the path is no folder'],
    // Nobody may make a folder there, not even root.
    ['a folder that is read-only', () => '/sys', '(no permission|the disk is read-only)'],
  ])('%s', async (_what, toHome, why) => {
    const tracker = await openTracker({ entries: toEntries(1) });
    const run = await runMain(['snapshot', 'update', '-q', ...asking(tracker)], { env: { XDG_DATA_HOME: toHome() } });
    expect(run).toEqual({
      status: 2,
      stdout: '',
      stderr: like(new RegExp(`^cct: cannot (?:write|read) .*snapshot.tsv: ${why}\n$`)),
    });
  });
});
