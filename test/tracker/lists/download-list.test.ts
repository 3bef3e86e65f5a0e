import { describe, expect, onTestFinished, test } from 'vitest';
import { CctError, toCctError } from '../../../src/core/errors.ts';
import { downloadList } from '../../../src/tracker/lists/download-list.ts';
import { openListClient } from '../../../src/tracker/lists/list-client.ts';
import type { FakeTrackerOptions, Fault, ListFault } from '../../helpers/fake-tracker.ts';
import { toTestOptions } from '../../helpers/client-options.ts';
import { createTestClock, startFake } from '../../helpers/live-tracker.ts';
import { download, pagesOf, toEntries, resultOf, urlsOf } from './list-downloads.ts';

describe('a list of several pages', () => {
  test.each<[string, number, Partial<FakeTrackerOptions>, number[]]>([
    ['a thousand rows at a time', 2500, {}, [1000, 2000, 2500]],
    ['fewer rows at a time, where the site has a limit', 100, { maxPageSize: 40 }, [40, 80, 100]],
  ])('is requested until a page has no rows: %s', async (_what, count, options, counts) => {
    const entries = toEntries(count);
    const tracker = await startFake({ entries, ...options });
    const { list, rows } = await download(tracker.url);
    expect([resultOf(list), rows]).toEqual([['index.php', urlsOf(entries)], counts]);
    expect(pagesOf(tracker)).toEqual([0, ...counts].map((offset) => `/index.php?search=&s=${offset}&m=1000`));
  });

  test('is complete when rows are added while it is read: some come twice', async () => {
    const before = toEntries(100);
    const tracker = await startFake({ entries: before, maxPageSize: 40 });
    const client = await openListClient(toTestOptions(tracker.url));
    onTestFinished(() => client.close());
    const list = await downloadList({
      fetchPage: (target) => client.fetchPage(target, new AbortController().signal),
      onRows: (count) => (count === 40 ? tracker.set({ entries: toEntries(103) }) : undefined),
    });
    expect(urlsOf(before).filter((url) => !list.entries.some((entry) => entry.url === url))).toEqual([]);
    expect(list.entries).toHaveLength(103);
  });

  test('has its problems noted by page and line', async () => {
    const entries = [...toEntries(2), { date: 'x', url: '', ip: 'FastFlux', family: 'Lost' }];
    const tracker = await startFake({ entries, maxPageSize: 2 });
    const { list } = await download(tracker.url);
    expect(list).toMatchObject({
      notes: [
        { file: 'index.php?search=&s=2&m=1000', kind: 'address-ignored' },
        { file: 'index.php?search=&s=2&m=1000', kind: 'row-dropped', detail: 'no URL and no address, family "Lost"' },
      ],
    });
  });

  test('is requested one page at a time, each on a new connection, at the rate, with the pauses of retries', async () => {
    const clock = createTestClock(Date.parse('2026-01-01'));
    const tracker = await startFake({
      entries: toEntries(2000),
      listFaults: { 'index.php': { kind: 'status', status: 503, retryAfter: 7 } },
      failFirst: 1,
    });
    const { list } = await download(tracker.url, { clock, retries: 1, ratePerSecond: 0.5 });
    expect([list instanceof CctError, tracker.connections, clock.waits]).toEqual([false, 4, [7000, 2000, 2000]]);
  });

  test('passes the challenge once', async () => {
    const entries = toEntries(2500);
    const tracker = await startFake({ entries, challenge: 'on' });
    expect(resultOf((await download(tracker.url)).list)).toEqual(['index.php', urlsOf(entries)]);
    expect(tracker.challengesIssued).toBe(1);
  });
});

describe('it is an error when both pages fail', () => {
  const TABLE = "index.php?search=&s=0&m=1000: the HTML page does not contain the tracker's table";
  test.each<[fault: ListFault, options: Partial<FakeTrackerOptions>, expected: [code: string, message: string]]>([
    [{ kind: 'status', status: 404 }, {}, ['not-found', 'The tracker answered 404 Not Found']],
    ['html', {}, ['unintelligible', `${TABLE}; all.php: expected the list, found an HTML page`]],
    ['no-rows', {}, ['unintelligible', 'index.php?search=&s=0&m=1000 has no entries; all.php: no valid rows']],
    ['empty', {}, ['unintelligible', `${TABLE}; all.php: no valid rows`]],
    ['reset', {}, ['unavailable', 'The tracker closed the connection unexpectedly (']],
    ['huge', {}, ['unintelligible', "The tracker's answer is longer than 67,108,864 bytes"]],
    ['html', { challenge: 'never-ends' }, ['forbidden', 'The tracker rejected the answer to its cookie challenge']],
    ['html', { challenge: 'then-403' }, ['forbidden', 'The tracker answered 403 Forbidden']],
  ])('%j with %j', async (fault, options, [code, message]) => {
    const tracker = await startFake({ entries: toEntries(3), listFaults: { 'index.php': fault, 'all.php': fault }, ...options });
    expect(resultOf((await download(tracker.url)).list)).toEqual([
      code,
      expect.stringContaining(`cannot download the list: ${message}`),
    ]);
  });

  test.each<Fault>([{ kind: 'body', body: 'The site is down for a while.\n' }, 'garbage'])(
    'because all.php is %j',
    async (fault) => {
      const tracker = await startFake({ entries: toEntries(3), listFaults: { 'index.php': 'no-rows', 'all.php': fault } });
      const message: unknown = expect.stringContaining(
        'all.php: unknown list format; see `cct snapshot import --help` for the formats',
      );
      expect(resultOf((await download(tracker.url)).list)).toEqual(['unintelligible', message]);
    },
  );

  test('because no page comes in time', async () => {
    const tracker = await startFake({ listFaults: { 'index.php': 'stalled-body', 'all.php': 'stalled-headers' } });
    expect(resultOf((await download(tracker.url, { timeoutMs: 50 })).list)).toEqual([
      'unavailable',
      'cannot download the list: The tracker did not answer within 50 ms',
    ]);
  });
});

test('a bug is reported, and the other page is not tried', async () => {
  const asked: string[] = [];
  const failing = (target: string) => {
    asked.push(target);
    return Promise.reject(new TypeError('oops'));
  };
  const list = await downloadList({ fetchPage: failing, onRows: () => undefined }).catch(toCctError);
  expect([resultOf(list), asked.length]).toEqual([['internal', 'This is a bug in cct: oops'], 1]);
});

test('after an interruption the other page is not tried', async () => {
  const tracker = await startFake({ listFaults: { 'index.php': 'stalled-headers' } });
  const caller = new AbortController();
  const { list } = await Promise.race([
    download(tracker.url, {}, caller.signal),
    expect
      .poll(() => tracker.requests.length)
      .toBe(1)
      .then(() => caller.abort(new CctError('interrupted', 'Enough')))
      .then(() => new Promise<never>(() => undefined)),
  ]);
  expect([resultOf(list), pagesOf(tracker).length]).toEqual([['interrupted', 'Enough'], 1]);
});
