import { describe, expect, onTestFinished, test } from 'vitest';
import { CctError, toCctError } from '../../src/core/errors.ts';
import type { DownloadedList } from '../../src/tracker/download-list.ts';
import { downloadList } from '../../src/tracker/download-list.ts';
import type { ListClientOptions } from '../../src/tracker/list-client.ts';
import { openListClient } from '../../src/tracker/list-client.ts';
import { renderTable } from '../helpers/fake-pages.ts';
import type { FakeTracker, FakeTrackerOptions, Fault, ListEntry, ListFault } from '../helpers/fake-tracker.ts';
import { createTestClock, startFake, startServer, toTestOptions } from '../helpers/live-tracker.ts';

/** So many rows, the newest first. */
function toEntries(count: number): ListEntry[] {
  return Array.from({ length: count }, (_, at) => ({
    date: '02-03-2026',
    url: `h${count - at}.example/x`,
    ip: '192.0.2.1',
    family: 'Pony',
  }));
}

interface Download {
  readonly list: DownloadedList | CctError;
  /** The rows that were told of after each page. */
  readonly rows: number[];
}

async function download(url: string, options: Partial<ListClientOptions> = {}, signal = new AbortController().signal) {
  const client = await openListClient({ ...toTestOptions(url), ...options });
  onTestFinished(() => client.close());
  const rows: number[] = [];
  const list = await downloadList({
    fetchPage: (target) => client.fetchPage(target, signal),
    onRows: (count) => rows.push(count),
  }).catch(toCctError);
  return { list, rows } satisfies Download;
}

/** What a download came to: the page that gave the list and its urls, or the error. */
function told(list: DownloadedList | CctError): unknown {
  return list instanceof CctError ? [list.code, list.message] : [list.page, list.entries.map(({ url }) => url)];
}

const urlsOf = (entries: readonly ListEntry[]) => entries.map(({ url }) => url);
const pagesOf = (tracker: FakeTracker) => tracker.requests.map(({ path }) => path);

describe('a list of several pages', () => {
  test('is asked for a thousand rows at a time, until a page has none', async () => {
    const entries = toEntries(2500);
    const tracker = await startFake({ entries });
    const { list, rows } = await download(tracker.url);
    expect([told(list), rows]).toEqual([
      ['index.php', urlsOf(entries)],
      [1000, 2000, 2500],
    ]);
    expect(pagesOf(tracker)).toEqual([0, 1000, 2000, 2500].map((offset) => `/index.php?search=&s=${offset}&m=1000`));
  });

  test('is whole when the site gives fewer rows a page than it is asked for', async () => {
    const entries = toEntries(100);
    const tracker = await startFake({ entries, maxPageSize: 40 });
    const { list, rows } = await download(tracker.url);
    expect([told(list), rows]).toEqual([
      ['index.php', urlsOf(entries)],
      [40, 80, 100],
    ]);
  });

  test('is whole when rows are added while it is read: some come twice', async () => {
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

  test('names what is not usable by page and line', async () => {
    const entries = [...toEntries(2), { date: 'x', url: '', ip: 'FastFlux', family: 'Lost' }];
    const tracker = await startFake({ entries, maxPageSize: 2 });
    const { list } = await download(tracker.url);
    expect(list).toMatchObject({
      notes: [
        { file: 'index.php?search=&s=2&m=1000', kind: 'address-ignored' },
        { file: 'index.php?search=&s=2&m=1000', kind: 'row-dropped', detail: 'neither a url nor an address, family "Lost"' },
      ],
    });
  });

  test('is asked for politely: one page at a time, at the rate, in time of retries', async () => {
    const clock = createTestClock(Date.parse('2026-01-01'));
    const tracker = await startFake({
      entries: toEntries(2000),
      listFaults: { 'index.php': { kind: 'status', status: 503, retryAfter: 7 } },
      failFirst: 1,
    });
    const { list } = await download(tracker.url, { clock, retries: 1, ratePerSecond: 0.5 });
    expect([list instanceof CctError, tracker.connections, clock.waits]).toEqual([false, 1, [7000, 2000, 2000]]);
  });

  test('passes the challenge once', async () => {
    const entries = toEntries(2500);
    const tracker = await startFake({ entries, challenge: 'on' });
    expect(told((await download(tracker.url)).list)).toEqual(['index.php', urlsOf(entries)]);
    expect(tracker.challengesIssued).toBe(1);
  });
});

describe('all.php is taken instead', () => {
  const entries = toEntries(90);
  const MAINTENANCE = "index.php?search=&s=0&m=1000: an HTML page without the tracker's table: not the list";
  test.each<[why: string, fault: ListFault, options: Partial<FakeTrackerOptions>, failure: string]>([
    ['index.php has no table', 'html', {}, MAINTENANCE],
    ['index.php is empty', 'empty', {}, MAINTENANCE],
    ['index.php lists nothing', 'no-rows', {}, 'index.php?search=&s=0&m=1000 lists nothing'],
    ['index.php is cut', 'cut-row', {}, 'index.php?search=&s=0&m=1000: the table does not end: the page is cut'],
    ['index.php fails', { kind: 'status', status: 503 }, {}, 'The tracker answered 503 Service Unavailable'],
    ['index.php breaks off', 'cut-chunked', {}, 'The tracker broke off the connection (Premature close)'],
    [
      'index.php leads elsewhere',
      { kind: 'redirect', location: '/' },
      {},
      'The tracker redirects to another page than the one asked for (/)',
    ],
    [
      'a later page fails',
      { kind: 'status', status: 500 },
      { listFaultFrom: 80 },
      'The tracker answered 500 Internal Server Error',
    ],
    [
      'a later page is cut',
      'cut-row',
      { listFaultFrom: 80 },
      'index.php?search=&s=80&m=1000: the table does not end: the page is cut',
    ],
    ['index.php begins anew', 'first-page', {}, 'index.php?search=&s=40&m=1000 holds the rows of an earlier page'],
  ])('when %s', async (_why, fault, options, failure) => {
    const tracker = await startFake({ entries, maxPageSize: 40, listFaults: { 'index.php': fault }, ...options });
    const { list } = await download(tracker.url);
    expect(list).toMatchObject({ page: 'all.php', failure: { message: failure } });
    expect(told(list)).toEqual(['all.php', urlsOf(entries)]);
  });

  test('when index.php never ends', async () => {
    let row = 0;
    const url = await startServer(({ url: path = '' }, response) => {
      row += 1;
      response.end(path.startsWith('/all.php') ? 'a.example\n' : renderTable(toEntries(row).slice(0, 1), new URLSearchParams()));
    });
    const { list } = await download(url);
    expect(list).toMatchObject({ page: 'all.php', failure: { message: 'index.php does not end after 2000 rows' } });
  });

  test('when index.php ends before the rows that it links to', async () => {
    const rows = toEntries(100);
    const tracker = await startFake({
      entries: rows,
      listFaults: { 'index.php': 'no-rows' },
      listFaultFrom: 80,
      maxPageSize: 40,
    });
    const { list } = await download(tracker.url);
    const message = 'index.php?search=&s=80&m=1000 holds no rows, but index.php links to those from 80 on';
    expect(list).toMatchObject({ page: 'all.php', failure: { message } });
  });

  test('but not when it is cut in the middle of its last entry', async () => {
    const tracker = await startFake({ entries: toEntries(100), listFaults: { 'index.php': 'html', 'all.php': 'cut-row' } });
    expect(told((await download(tracker.url)).list)).toEqual([
      'unintelligible',
      expect.stringContaining('all.php: it ends in the middle of a line: the page is cut'),
    ]);
  });

  test('also without a line break at its end, where the last entry was in the list before', async () => {
    const fetchPage = (target: string) => Promise.resolve(target === 'all.php' ? 'b.example/x\na.example/y' : '<p>closed</p>');
    const isKnown = (url: string) => url === 'a.example/y';
    const list = await downloadList({ fetchPage, onRows: () => undefined, isKnown });
    expect(list.entries.map(({ url }) => url)).toEqual(['b.example/x', 'a.example/y']);
    await expect(downloadList({ fetchPage, onRows: () => undefined })).rejects.toMatchObject({ code: 'unintelligible' });
  });

  test('and may end its entries as it once did', async () => {
    const tracker = await startFake({ entries, listSeparator: '<br />', listFaults: { 'index.php': 'html' } });
    expect(told((await download(tracker.url)).list)).toEqual(['all.php', urlsOf(entries)]);
  });
});

describe('no list at all is an error', () => {
  const TABLE = "index.php?search=&s=0&m=1000: an HTML page without the tracker's table: not the list";
  test.each<[fault: ListFault, options: Partial<FakeTrackerOptions>, expected: [code: string, message: string]]>([
    [{ kind: 'status', status: 404 }, {}, ['not-found', 'The tracker answered 404 Not Found']],
    ['html', {}, ['unintelligible', `${TABLE}; all.php: an HTML page: not the list`]],
    [
      'no-rows',
      {},
      ['unintelligible', 'index.php?search=&s=0&m=1000 lists nothing; all.php: the list holds no usable row (0 not usable)'],
    ],
    ['empty', {}, ['unintelligible', `${TABLE}; all.php: the list holds no usable row (0 not usable)`]],
    ['reset', {}, ['unavailable', 'The tracker broke off the connection (']],
    ['huge', {}, ['unintelligible', "The tracker's answer is longer than 67108864 bytes"]],
    ['html', { challenge: 'never-ends' }, ['forbidden', 'The tracker did not accept the answer to its cookie challenge']],
    ['html', { challenge: 'then-403' }, ['forbidden', 'The tracker answered 403 Forbidden']],
  ])('%j with %j', async (fault, options, [code, message]) => {
    const tracker = await startFake({ entries: toEntries(3), listFaults: { 'index.php': fault, 'all.php': fault }, ...options });
    expect(told((await download(tracker.url)).list)).toEqual([code, like(`the list could not be downloaded: ${message}`)]);
  });

  test.each<[Fault, string]>([
    [
      { kind: 'body', body: 'The site is down for a while.\n' },
      'all.php: no list that cct reads: 1 of 1 lines name no host (see cct snapshot import --help)',
    ],
    ['garbage', 'all.php: no list that cct reads'],
  ])('all.php is %j', async (fault, message) => {
    const tracker = await startFake({ entries: toEntries(3), listFaults: { 'index.php': 'no-rows', 'all.php': fault } });
    expect(told((await download(tracker.url)).list)).toEqual(['unintelligible', expect.stringContaining(message)]);
  });

  test('a page that does not come in time is given up', async () => {
    const tracker = await startFake({ listFaults: { 'index.php': 'stalled-body', 'all.php': 'stalled-headers' } });
    expect(told((await download(tracker.url, { timeoutMs: 50 })).list)).toEqual([
      'unavailable',
      'the list could not be downloaded: The tracker did not answer within 50 ms',
    ]);
  });
});

test('a bug is told as one, and hidden by no other page', async () => {
  const asked: string[] = [];
  const failing = (target: string) => {
    asked.push(target);
    return Promise.reject(new TypeError('oops'));
  };
  const list = await downloadList({ fetchPage: failing, onRows: () => undefined }).catch(toCctError);
  expect([told(list), asked.length]).toEqual([['internal', 'This is a bug in cct: oops'], 1]);
});

test('a caller that gives up is not answered from the other page', async () => {
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
  expect([told(list), pagesOf(tracker).length]).toEqual([['interrupted', 'Enough'], 1]);
});

function like(text: string): unknown {
  return expect.stringContaining(text);
}
