import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SnapshotEntry } from '../../src/tracker/snapshot/snapshot-file.ts';
import { parseSnapshot } from '../../src/tracker/snapshot/snapshot-file.ts';
import type { FakeTracker } from '../helpers/fake-tracker.ts';
import { startFakeTracker } from '../helpers/fake-tracker.ts';
import type { Row } from './real-data.ts';
import { hostsPath, listPath, readRows } from './real-data.ts';

const run = promisify(execFile);
const HOSTS = 2229;

let dir = '';
let rows: readonly Row[] = [];
let tracker: FakeTracker;
/** The entries of the list as imported from its file. */
let imported: readonly SnapshotEntry[] = [];

/** A home of its own, with the fake tracker as the site. */
async function openHome() {
  const home = await mkdtemp(join(dir, 'home-'));
  const env = { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: home, CCT_API_URL: tracker.url };
  return {
    cct: async (...args: string[]) => (await run(process.execPath, ['bin/cct.js', ...args], { env, maxBuffer: 2 ** 28 })).stdout,
    entries: async () => parseSnapshot(await readFile(join(home, 'cct', 'snapshot.tsv'), 'utf8')).entries,
    /** How many of these the installed snapshot lists, and how many it does not. */
    async fatesOf(observables: readonly { type: string; value: string }[]) {
      const input = join(home, 'asked.ndjson');
      await writeFile(input, observables.map((observable) => JSON.stringify(observable)).join('\n'));
      const ledger = await this.cct('observe', '--offline', '--format', 'ndjson', input);
      const statuses = ledger
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { status: string }).status);
      return { listed: statuses.filter((status) => status === 'listed').length, all: statuses.length };
    },
  };
}

/** The rows as they would be asked about, each once. */
function toObservables(found: readonly Row[]) {
  const values = new Set(found.filter(({ url }) => url !== '').map(({ url }) => `http://${url}`));
  return [...values].map((value) => ({ type: 'url', value }));
}

const urlsOf = (entries: readonly SnapshotEntry[]) => entries.map(({ url }) => url);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cct-real-snapshot-'));
  rows = await readRows();
  tracker = await startFakeTracker({ entries: rows, challenge: 'on' });
  const home = await openHome();
  await home.cct('snapshot', 'import', listPath);
  imported = await home.entries();
});

afterAll(async () => {
  await tracker.close();
  await rm(dir, { recursive: true, force: true });
});

describe('an update from a site that has the list of 2018', () => {
  test('installs every row, the same as the import of the file, page by page and behind the challenge', async () => {
    tracker.set({ listFaults: {} });
    tracker.requests.length = 0;
    const home = await openHome();
    const facts: unknown = JSON.parse(await home.cct('snapshot', 'update'));
    expect(facts).toMatchObject({ entries: 11_665, first_listed: '2012-07-19', last_listed: '2018-01-14' });
    expect(await home.entries()).toEqual(imported);
    // Twelve pages, one behind the last, and the hops of one challenge.
    expect(tracker.requests).toHaveLength(15);
    const asked = toObservables(rows);
    expect(await home.fatesOf(asked)).toEqual({ listed: asked.length, all: asked.length });
  });

  test('is whole when the site gives 40 rows a page', async () => {
    tracker.set({ listFaults: {}, maxPageSize: 40 });
    const home = await openHome();
    await home.cct('snapshot', 'update');
    tracker.set({ maxPageSize: Infinity });
    expect(await home.entries()).toEqual(imported);
  });

  test('has every url when index.php fails, and loses none of the facts that were known', async () => {
    tracker.set({ listFaults: { 'index.php': { kind: 'status', status: 500 } } });
    const fresh = await openHome();
    await fresh.cct('snapshot', 'update');
    const urls = new Set(urlsOf(imported).filter((url) => url !== ''));
    expect(new Set(urlsOf(await fresh.entries()))).toEqual(urls);
    const asked = toObservables(rows);
    expect(await fresh.fatesOf(asked)).toEqual({ listed: asked.length, all: asked.length });

    const known = await openHome();
    await known.cct('snapshot', 'import', listPath);
    await known.cct('snapshot', 'update');
    const byText = (entries: readonly SnapshotEntry[]) => entries.map((entry) => JSON.stringify(entry)).sort();
    expect(byText(await known.entries())).toEqual(byText(imported));
  });
});

describe('the hosts of 2018 to 2022', () => {
  test('are imported whole, and list each url on them', async () => {
    const home = await openHome();
    const facts: unknown = JSON.parse(await home.cct('snapshot', 'import', hostsPath));
    expect(facts).toMatchObject({ date: '2022-10-13', entries: HOSTS, first_listed: '2018-10-29', last_listed: '2022-10-13' });
    const entries = await home.entries();
    expect(entries.filter(({ covers }) => covers === 'host')).toHaveLength(HOSTS);
    const asked = entries.map(({ url }, at) => ({ type: 'url', value: `https://${url}/any/path-${at}.php` }));
    expect(await home.fatesOf(asked)).toEqual({ listed: HOSTS, all: HOSTS });
  });

  test('join the list, together or one after the other', async () => {
    const together = await openHome();
    await together.cct('snapshot', 'import', listPath, hostsPath);
    const merged = await openHome();
    await merged.cct('snapshot', 'import', listPath);
    await merged.cct('snapshot', 'import', '--merge', hostsPath);
    expect(await together.entries()).toHaveLength(11_665 + HOSTS);
    expect(await merged.entries()).toEqual(await together.entries());
  });
});
