import { onTestFinished } from 'vitest';
import { CctError, toCctError } from '../../../src/core/errors.ts';
import type { DownloadedList } from '../../../src/tracker/lists/download-list.ts';
import { downloadList } from '../../../src/tracker/lists/download-list.ts';
import type { ListClientOptions } from '../../../src/tracker/lists/list-client.ts';
import { openListClient } from '../../../src/tracker/lists/list-client.ts';
import type { FakeTracker, ListEntry } from '../../helpers/fake-tracker.ts';
import { toTestOptions } from '../../helpers/client-options.ts';

/** Rows, the newest first. */
export function toEntries(count: number): ListEntry[] {
  return Array.from({ length: count }, (_, at) => ({
    date: '02-03-2026',
    url: `h${count - at}.example/x`,
    ip: '192.0.2.1',
    family: 'Pony',
  }));
}

/** Downloads the list of the site at this URL. Resolves to the list or its error, and to the row counts that were reported. */
export async function download(url: string, options: Partial<ListClientOptions> = {}, signal = new AbortController().signal) {
  const client = await openListClient({ ...toTestOptions(url), ...options });
  onTestFinished(() => client.close());
  const rows: number[] = [];
  const list = await downloadList({
    fetchPage: (target) => client.fetchPage(target, signal),
    onRows: (count) => rows.push(count),
  }).catch(toCctError);
  return { list, rows };
}

/** A list's page and urls, or the error. */
export function resultOf(list: DownloadedList | CctError): unknown {
  return list instanceof CctError ? [list.code, list.message] : [list.page, list.entries.map(({ url }) => url)];
}

/** The urls of rows, in their order. */
export const urlsOf = (entries: readonly ListEntry[]) => entries.map(({ url }) => url);

/** The requested pages, in order. */
export const pagesOf = (tracker: FakeTracker) => tracker.requests.map(({ path }) => path);
