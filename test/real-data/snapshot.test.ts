import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { SnapshotEntry } from '../../src/tracker/snapshot/snapshot-file.ts';
import type { FakeTrackerOptions } from '../helpers/fake-tracker.ts';
import { startFakeTracker } from '../helpers/fake-tracker.ts';
import type { Row } from './real-data.ts';
import { hostsPath, listPath, openHome, readRows, toUrls } from './real-data.ts';

const HOSTS = 2229;
let rows: readonly Row[] = [];

beforeAll(async () => {
  rows = await readRows();
});

/** A home whose site has the list, behind the challenge. */
async function openSite(options: Partial<FakeTrackerOptions> = {}) {
  const tracker = await startFakeTracker({ entries: rows, challenge: 'on', ...options });
  onTestFinished(() => tracker.close());
  return { ...(await openHome(tracker.url)), tracker };
}

/** The entries of the list as imported from its file. */
async function importList(): Promise<readonly SnapshotEntry[]> {
  const { cct, entries } = await openHome();
  await cct('snapshot', 'import', listPath);
  return entries();
}

describe('an update from a site that has the list of 2018', () => {
  test('installs the same as the import of the file, page by page and behind the challenge', async () => {
    const { cct, entries, fatesOf, tracker } = await openSite();
    const facts: unknown = JSON.parse(await cct('snapshot', 'update'));
    expect(facts).toMatchObject({ entries: 11_665, first_listed: '2012-07-19', last_listed: '2018-01-14' });
    expect(await entries()).toEqual(await importList());
    // Twelve pages, one behind the last, and the hops of one challenge.
    expect(tracker.requests).toHaveLength(15);
    expect(await fatesOf(toUrls(rows))).toEqual({ listed: toUrls(rows).length });
  });

  test('is whole when the site gives 40 rows a page', async () => {
    const { cct, entries } = await openSite({ maxPageSize: 40 });
    await cct('snapshot', 'update');
    expect(await entries()).toEqual(await importList());
  });

  test('has each url when index.php fails, and loses no known fact', async () => {
    const listFaults = { 'index.php': { kind: 'status', status: 500 } } as const;
    const imported = await importList();
    const fresh = await openSite({ listFaults });
    await fresh.cct('snapshot', 'update');
    const urls = new Set(imported.map(({ url }) => url).filter((url) => url !== ''));
    expect(new Set((await fresh.entries()).map(({ url }) => url))).toEqual(urls);
    expect(await fresh.fatesOf(toUrls(rows))).toEqual({ listed: toUrls(rows).length });

    const known = await openSite({ listFaults });
    await known.cct('snapshot', 'import', listPath);
    await known.cct('snapshot', 'update');
    const byText = (entries: readonly SnapshotEntry[]) => entries.map((entry) => JSON.stringify(entry)).sort();
    expect(byText(await known.entries())).toEqual(byText(imported));
  });
});

describe('the hosts of 2018 to 2022', () => {
  test('are imported whole, and list each url on them', async () => {
    const { cct, entries, fatesOf } = await openHome();
    const facts: unknown = JSON.parse(await cct('snapshot', 'import', hostsPath));
    expect(facts).toMatchObject({ date: '2022-10-13', entries: HOSTS, first_listed: '2018-10-29', last_listed: '2022-10-13' });
    const hosts = await entries();
    expect(hosts.filter(({ covers }) => covers === 'host')).toHaveLength(HOSTS);
    const asked = hosts.map(({ url }, at) => ({ type: 'url', value: `https://${url}/any/path-${at}.php` }));
    expect(await fatesOf(asked)).toEqual({ listed: HOSTS });
  });

  test('join the list, together or one after the other', async () => {
    const [together, merged] = [await openHome(), await openHome()];
    await together.cct('snapshot', 'import', listPath, hostsPath);
    await merged.cct('snapshot', 'import', listPath);
    await merged.cct('snapshot', 'import', '--merge', hostsPath);
    expect(await together.entries()).toHaveLength(11_665 + HOSTS);
    expect(await merged.entries()).toEqual(await together.entries());
  });
});
