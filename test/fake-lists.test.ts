import { describe, expect, onTestFinished, test } from 'vitest';
import type { FakeTracker, FakeTrackerOptions, ListEntry, ListFault } from './helpers/fake-tracker.ts';
import { startFakeTracker } from './helpers/fake-tracker.ts';
import { ask } from './helpers/plain-http.ts';

const entries: readonly ListEntry[] = ['a', 'b', 'c'].map((name) => ({
  date: '02-03-2026',
  url: `${name}.example/x`,
  ip: '192.0.2.1',
  family: 'Pony',
}));

async function start(options: Partial<FakeTrackerOptions>): Promise<FakeTracker> {
  const tracker = await startFakeTracker({ entries, ...options });
  onTestFinished(() => tracker.close());
  return tracker;
}

const hostsOf = (body: string) => [...body.matchAll(/<td>(\w)\.example\/x<\/td>/g)].map((match) => match[1]).join('');

async function hostsAt(tracker: FakeTracker, ...queries: readonly string[]): Promise<string[]> {
  const hosts: string[] = [];
  for (const query of queries) hosts.push(hostsOf((await ask(tracker.url, `/index.php?${query}`)).body));
  return hosts;
}

test('a page has no more rows than the site allows', async () => {
  const tracker = await start({ maxPageSize: 2 });
  expect(await hostsAt(tracker, 's=0&m=1000', 's=2&m=1000', 's=3&m=1000', 'm=1')).toEqual(['ab', 'c', '', 'a']);
});

test('all.php may end its entries as it once did', async () => {
  const tracker = await start({ listSeparator: '<br />' });
  expect((await ask(tracker.url, '/all.php')).body).toBe('a.example/x<br />b.example/x<br />c.example/x<br />');
});

describe('a fault of a page of the list', () => {
  const bodyWith = async (page: 'index.php' | 'all.php', fault: ListFault) =>
    (await ask((await start({ listFaults: { [page]: fault } })).url, `/${page}?s=1`)).body;

  test('no-rows leaves the header of the table, and of all.php nothing', async () => {
    const body = await bodyWith('index.php', 'no-rows');
    expect([body.includes('-::DATE'), body.includes('</table>'), hostsOf(body)]).toEqual([true, true, '']);
    expect(await bodyWith('all.php', 'no-rows')).toBe('');
  });

  test('cut-row ends in the last row', async () => {
    expect(await bodyWith('index.php', 'cut-row')).toMatch(/<tr><td>02-03-2026<\/td>(?!.*<\/tr>)[^]{40,}$/);
  });

  test('first-page does not care for s', async () => {
    expect(hostsOf(await bodyWith('index.php', 'first-page'))).toBe('abc');
  });

  test.each<[ListFault, number, RegExp]>([
    [{ kind: 'status', status: 503 }, 503, /Malicious/],
    ['html', 200, /maintenance/],
    ['empty', 200, /^$/],
  ])('%j is that of a lookup', async (fault, status, body) => {
    const tracker = await start({ listFaults: { 'index.php': fault, 'all.php': fault } });
    for (const page of ['/index.php', '/all.php']) {
      const reply = await ask(tracker.url, page);
      expect([reply.status, reply.body]).toEqual([status, expect.stringMatching(body)]);
    }
  });

  test('is on its page alone, from a row on, so many times', async () => {
    const status = { kind: 'status', status: 500 } as const;
    const tracker = await start({ listFaults: { 'index.php': status }, listFaultFrom: 1, failFirst: 1 });
    const statuses: number[] = [];
    for (const target of ['/all.php', '/index.php', '/index.php?s=1', '/index.php?s=1', '/']) {
      statuses.push((await ask(tracker.url, target)).status);
    }
    expect(statuses).toEqual([200, 200, 500, 200, 200]);
  });
});
