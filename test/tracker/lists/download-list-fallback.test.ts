import { describe, expect, test } from 'vitest';
import { downloadList } from '../../../src/tracker/lists/download-list.ts';
import { renderTable } from '../../helpers/fake-pages.ts';
import type { FakeTrackerOptions, ListFault } from '../../helpers/fake-tracker.ts';
import { startFake } from '../../helpers/live-tracker.ts';
import { download, toEntries, resultOf, urlsOf } from './list-downloads.ts';

describe('all.php is used instead', () => {
  const entries = toEntries(90);
  const MAINTENANCE = "index.php?search=&s=0&m=1000: the HTML page does not contain the tracker's table";
  test.each<[why: string, fault: ListFault, options: Partial<FakeTrackerOptions>, failure: string]>([
    ['index.php has no table', 'html', {}, MAINTENANCE],
    ['index.php is empty', 'empty', {}, MAINTENANCE],
    ['index.php lists nothing', 'no-rows', {}, 'index.php?search=&s=0&m=1000 has no entries'],
    ['index.php is truncated', 'cut-row', {}, 'index.php?search=&s=0&m=1000: the page is truncated: the table does not end'],
    ['index.php fails', { kind: 'status', status: 503 }, {}, 'The tracker answered 503 Service Unavailable'],
    ['index.php breaks off', 'cut-chunked', {}, 'The tracker closed the connection unexpectedly (Premature close)'],
    ['index.php leads elsewhere', { kind: 'redirect', location: '/' }, {}, 'The tracker redirects to a different page (/)'],
    [
      'a later page fails',
      { kind: 'status', status: 500 },
      { listFaultFrom: 80 },
      'The tracker answered 500 Internal Server Error',
    ],
    [
      'a later page is truncated',
      'cut-row',
      { listFaultFrom: 80 },
      'index.php?search=&s=80&m=1000: the page is truncated: the table does not end',
    ],
    ['index.php begins anew', 'first-page', {}, 'index.php?search=&s=40&m=1000 repeats the rows of an earlier page'],
  ])('when %s', async (_why, fault, options, failure) => {
    const tracker = await startFake({ entries, maxPageSize: 40, listFaults: { 'index.php': fault }, ...options });
    const { list } = await download(tracker.url);
    expect(list).toMatchObject({ page: 'all.php', failure: { message: failure } });
    expect(resultOf(list)).toEqual(['all.php', urlsOf(entries)]);
  });

  test('when index.php never ends', async () => {
    let rows = 0;
    const fetchPage = (target: string) => {
      if (target === 'all.php') return Promise.resolve('a.example\n');
      rows += 1;
      return Promise.resolve(
        renderTable([{ date: '02-03-2026', url: `h${rows}.example/x`, ip: '', family: '' }], new URLSearchParams()),
      );
    };
    const list = await downloadList({ fetchPage, onRows: () => undefined });
    expect(list).toMatchObject({ page: 'all.php', failure: { message: 'index.php does not end after 2,000 rows' } });
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
    const message = 'index.php?search=&s=80&m=1000 has no rows, but index.php links to rows from 80 on';
    expect(list).toMatchObject({ page: 'all.php', failure: { message } });
  });

  test('but not when it is truncated', async () => {
    const tracker = await startFake({ entries: toEntries(100), listFaults: { 'index.php': 'html', 'all.php': 'cut-row' } });
    expect(resultOf((await download(tracker.url)).list)).toEqual([
      'unintelligible',
      expect.stringContaining('all.php: the page is truncated: it ends in the middle of a line'),
    ]);
  });

  test('also without a line end, where the last entry was in the previous list', async () => {
    const fetchPage = (target: string) => Promise.resolve(target === 'all.php' ? 'b.example/x\na.example/y' : '<p>closed</p>');
    const isKnown = (url: string) => url === 'a.example/y';
    const list = await downloadList({ fetchPage, onRows: () => undefined, isKnown });
    expect(list.entries.map(({ url }) => url)).toEqual(['b.example/x', 'a.example/y']);
    await expect(downloadList({ fetchPage, onRows: () => undefined })).rejects.toMatchObject({ code: 'unintelligible' });
  });

  test('and may separate its entries by <br />', async () => {
    const tracker = await startFake({ entries, listSeparator: '<br />', listFaults: { 'index.php': 'html' } });
    expect(resultOf((await download(tracker.url)).list)).toEqual(['all.php', urlsOf(entries)]);
  });
});
