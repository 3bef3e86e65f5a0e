import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { like, readRows } from '../helpers/run-cct.ts';
import { openTracker } from './live.ts';
import { openUpdatedHome, toEntries, toCompared, toInstalled } from './snapshot-home.ts';

describe('an update', () => {
  test('installs the list of the live site, of today, and it answers', async () => {
    const tracker = await openTracker({ entries: toEntries(1500), challenge: 'on' });
    const home = openUpdatedHome(tracker);
    const { status, stdout, stderr } = await home.update();
    expect([status, JSON.parse(stdout), stderr, home.files()]).toEqual([
      0,
      {
        ...{ date: '2026-01-02', origin: `${tracker.url}index.php`, entries: 1500, families: 2 },
        ...{ first_listed: '2025-12-30', last_listed: '2025-12-30', path: home.path },
      },
      toInstalled(1500),
      ['snapshot.tsv'],
    ]);
    const given = ['--url', 'http://h1499.example/x', '--ip', '198.51.105.249'];
    const asked = await home.run('observe', '--offline', '--format', 'ndjson', ...given);
    expect(readRows(asked.stdout)).toEqual(['listed url http://h1499.example/x', 'listed ip 198.51.105.249']);
  });

  test('replaces the one before, and says what has changed', async () => {
    const tracker = await openTracker({ entries: toEntries(4) });
    const home = openUpdatedHome(tracker);
    await home.update();
    tracker.set({ entries: toEntries(7).slice(2) });
    expect(await home.update()).toMatchObject({ status: 0, stderr: toCompared('3 added, 2 removed') + toInstalled(5) });
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
    const home = openUpdatedHome(await openTracker({ entries: [first, dirty, first] }));
    const { stderr } = await home.update('-v');
    expect(stderr).toContain('ignored: 1 invalid row, 1 invalid address\n');
    expect(stderr).toMatch(/^index\.php\?search=&s=0&m=1000: line \d+: row ignored: no URL and no address, family "Lost"$/m);
    expect(stderr).toContain('merged: 1 duplicate entry\n');
  });

  test('says nothing with -q, and on stdout all the same', async () => {
    const home = openUpdatedHome(await openTracker({ entries: toEntries(1) }));
    const { status, stdout, stderr } = await home.update('-q');
    expect([status, stderr, JSON.parse(stdout)]).toMatchObject([0, '', { entries: 1 }]);
  });

  test('tells the tracker who asks, keeps to the rate and tries again', async () => {
    const tracker = await openTracker({
      entries: toEntries(1),
      listFaults: { 'index.php': { kind: 'status', status: 503 } },
      failFirst: 1,
    });
    const { status } = await openUpdatedHome(tracker).update('--user-agent', 'me/1', '--rate', '20', '--retries', '1');
    const { requests } = tracker;
    expect([status, requests.map(({ headers }) => headers['user-agent'])]).toEqual([0, ['me/1', 'me/1', 'me/1']]);
    const gaps = requests.slice(1).map(({ atMs }, at) => atMs - (requests[at]?.atMs ?? 0));
    // A timer may fire a millisecond early.
    expect(gaps.filter((gap) => gap < 45)).toEqual([]);
  });
});

describe('from all.php, when index.php is unusable', () => {
  const USING = 'using all.php, which has no dates, families or addresses';
  const BECAUSE = "index.php?search=&s=0&m=1000: the HTML page does not contain the tracker's table\n";

  test('an update says so', async () => {
    const home = openUpdatedHome(await openTracker({ entries: toEntries(2), listFaults: { 'index.php': 'html' } }));
    const { status, stdout, stderr } = await home.update();
    expect([status, stderr]).toEqual([0, `${USING}: ${BECAUSE}${toInstalled(2)}`]);
    const facts = { origin: like(/all\.php$/), entries: 2, families: 0, first_listed: null, last_listed: null };
    expect(JSON.parse(stdout)).toMatchObject(facts);
  });

  test('known facts of a url stay', async () => {
    const addressOnly = { date: '29-12-2025', url: '', ip: '203.0.113.9', family: 'Pony' };
    const entries = [...toEntries(3), addressOnly];
    const tracker = await openTracker({ entries });
    const home = openUpdatedHome(tracker);
    await home.update();
    const before = home.rows();
    tracker.set({
      entries: [{ date: '', url: 'new.example', ip: '', family: '' }, ...entries],
      listFaults: { 'index.php': 'html' },
    });
    const { status, stderr } = await home.update();
    const expected = `${USING}; known ones are kept: ${BECAUSE}${toCompared('1 added')}${toInstalled(5)}`;
    expect([status, stderr]).toEqual([0, expected]);
    expect(home.rows()).toEqual(['\turl\tnew.example\t\t', ...before]);
  });
});

test('drafts that a killed update left are removed by a later one, and nothing else', async () => {
  const home = openUpdatedHome(await openTracker({ entries: toEntries(1) }));
  const drafts = ['.snapshot.tsv.0-a.tmp', '.snapshot.tsv.fresh.tmp'];
  const others = ['.other.tsv.0-a.tmp', '.snapshot.tsv.tmp', 'snapshot.tsv.backup'];
  mkdirSync(join(home.dir, '.snapshot.tsv.directory.tmp', 'x'), { recursive: true });
  for (const name of [...drafts, ...others]) writeFileSync(join(home.dir, name), '');
  for (const name of [...drafts, ...others, '.snapshot.tsv.directory.tmp']) {
    const at = new Date(`2026-01-02T02:${name.includes('fresh') ? '30' : '00'}:00Z`);
    utimesSync(join(home.dir, name), at, at);
  }
  expect(await home.update()).toMatchObject({ status: 0 });
  expect(home.files().sort()).toEqual(
    ['.snapshot.tsv.directory.tmp', '.snapshot.tsv.fresh.tmp', 'snapshot.tsv', ...others].sort(),
  );
});
