import { createHash } from 'node:crypto';
import { formatCount, toAmount } from '../../core/amount.ts';
import { CctError, toCctError } from '../../core/errors.ts';
import { isHtmlPage, parseListPage } from './list-html.ts';
import { endsInLineEnd, parseLineList } from './list-lines.ts';
import type { ListNote, ListReading } from './list-reading.ts';
import type { SnapshotEntry } from '../snapshot/snapshot-file.ts';

export interface DownloadOptions {
  /** Fetches a page of the site by its path and query after the base URL. */
  readonly fetchPage: (target: string) => Promise<string>;
  /** Called after each page with the number of rows so far. */
  readonly onRows: (rowCount: number) => void;
  /** Whether a url was in the previous list. Default: no. */
  readonly isKnown?: (url: string) => boolean;
}

/** The tracker's list, and the page it came from: `all.php` lacks dates, addresses and families. */
export interface DownloadedList extends ListReading {
  readonly page: 'index.php' | 'all.php';
  /** Why it did not come from `index.php`. */
  readonly failure: CctError | undefined;
}

// About 600 kB of HTML, which fits the default timeout on a slow line. The whole list is a dozen pages.
const PAGE_ROWS = 1000;
// The list of 2018 had 300 pages of the site's own 40 rows.
const MAX_PAGES = 2000;
const MAX_ROWS = 1_000_000;

/**
 * Downloads the list page by page from `index.php` or, if that fails, whole from `all.php`. A page without the table, a truncated page and
 * an empty list are failures. Rejects with a `CctError` if both fail.
 */
export async function downloadList(options: DownloadOptions): Promise<DownloadedList> {
  try {
    return { ...(await readPages(options)), page: 'index.php', failure: undefined };
  } catch (thrown) {
    const failure = toCctError(thrown);
    if (isFinal(failure)) throw failure;
    return { ...(await readWhole(options, failure)), page: 'all.php', failure };
  }
}

/** Whether an error is not the site's fault. */
function isFinal({ code }: CctError): boolean {
  return code === 'interrupted' || code === 'deadline' || code === 'internal';
}

async function readPages({ fetchPage, onRows }: DownloadOptions): Promise<ListReading> {
  const entries: SnapshotEntry[] = [];
  const notes: ListNote[] = [];
  const seen = new Set<string>();
  let rowCount = 0;
  let lastOffset = 0;
  for (let pages = 0; pages < MAX_PAGES && rowCount < MAX_ROWS; pages += 1) {
    const target = `index.php?search=&s=${rowCount}&m=${PAGE_ROWS}`;
    const page = await asSiteErrors(target, async () => parseListPage(await fetchPage(target)));
    // A short page need not be the last: the site may limit rows.
    lastOffset = Math.max(lastOffset, page.lastOffset);
    if (page.rowCount === 0) {
      if (lastOffset < rowCount || rowCount === 0) return requireRows({ entries, notes }, target);
      throw new CctError(
        'unintelligible',
        `${target} has no rows, but index.php links to rows from ${formatCount(lastOffset)} on`,
      );
    }
    const digest = toDigest(page);
    if (seen.has(digest)) throw new CctError('unintelligible', `${target} repeats the rows of an earlier page`);
    seen.add(digest);
    // Copy: the parser's texts are views that keep the whole page in memory.
    for (const entry of structuredClone(page.entries)) entries.push(entry);
    for (const note of page.notes) notes.push({ ...note, file: target });
    // Rows added during the download shift others down, so some are read twice but none is missed.
    rowCount += page.rowCount;
    onRows(rowCount);
  }
  throw new CctError('unintelligible', `index.php does not end after ${toAmount(rowCount, 'row')}`);
}

/** Equal for pages with the same rows. */
function toDigest({ entries, notes }: ListReading): string {
  return createHash('sha256')
    .update(JSON.stringify([entries, notes]))
    .digest('base64');
}

async function readWhole({ fetchPage, onRows, isKnown = () => false }: DownloadOptions, earlier: CctError): Promise<ListReading> {
  try {
    const reading = await asSiteErrors('all.php', async () => {
      const text = await fetchPage('all.php');
      if (isHtmlPage(text)) throw new CctError('input', 'expected the list, found an HTML page');
      const found = parseLineList(text);
      refuseTruncated(text, found.entries.at(-1)?.url ?? '', isKnown);
      return found;
    });
    onRows(reading.entries.length);
    return { ...reading, notes: reading.notes.map((note) => ({ ...note, file: 'all.php' })) };
  } catch (thrown) {
    const { code, message } = toCctError(thrown);
    if (isFinal(toCctError(thrown))) throw thrown;
    const what = message === earlier.message ? message : `${earlier.message}; ${message}`;
    throw new CctError(code, `cannot download the list: ${what}`, { cause: thrown });
  }
}

/**
 * Throws `input` if the last line is incomplete. The page does not state its length, so without a final line end the last entry, which is
 * the oldest, must have been in the previous list.
 */
function refuseTruncated(text: string, lastUrl: string, isKnown: (url: string) => boolean): void {
  if (endsInLineEnd(text) || isKnown(lastUrl)) return;
  throw new CctError('input', 'the page is truncated: it ends in the middle of a line');
}

function requireRows(reading: ListReading, target: string): ListReading {
  if (reading.entries.length === 0) throw new CctError('unintelligible', `${target} has no entries`);
  return reading;
}

/** Turns `input` errors of the parsers into errors of the site, with the page's name. */
async function asSiteErrors<Result>(page: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (thrown) {
    const { code, message } = toCctError(thrown);
    throw code === 'input' ? new CctError('unintelligible', `${page}: ${message}`, { cause: thrown }) : thrown;
  }
}
