import { createHash } from 'node:crypto';
import { formatCount, toAmount } from '../../core/amount.ts';
import { CctError, toCctError } from '../../core/errors.ts';
import { isHtmlPage, parseListPage } from './list-html.ts';
import { endsInLineEnd, parseLineList } from './list-lines.ts';
import type { ListNote, ListReading } from './list-reading.ts';
import type { SnapshotEntry } from '../snapshot/snapshot-file.ts';

export interface DownloadOptions {
  /** The text of a page of the site, by its path and query after the base URL. */
  readonly fetchPage: (target: string) => Promise<string>;
  /** Told of the rows so far, after each page. */
  readonly onRows: (rowCount: number) => void;
  /** Whether a url was in the list before. Nothing was by default. */
  readonly isKnown?: (url: string) => boolean;
}

/** The tracker's list as it is now, and the page that gave it: `index.php` has facts that `all.php` lacks. */
export interface DownloadedList extends ListReading {
  readonly page: 'index.php' | 'all.php';
  /** Why it did not come from `index.php`, where it did not. */
  readonly failure: CctError | undefined;
}

/**
 * Rows a page. The tracker was asked for 40 by its own links and for up to 11,000 by others. A thousand rows are some 600 kB of HTML, which
 * a slow line carries within the default timeout, and the whole list is a dozen requests rather than three hundred.
 */
const PAGE_ROWS = 1000;
// A site that gives 40 rows a page whatever it is asked for would need 300 for the list of 2018.
const MAX_PAGES = 2000;
const MAX_ROWS = 1_000_000;

/**
 * Downloads the list: page by page from `index.php`, or, where that fails or is not as it should be, whole from `all.php`. Rejects with a
 * `CctError` when both fail; a page without the table, a cut page and an empty list are failures too.
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

/** Whether an error is none of the site's. */
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
    const page = await understand(target, async () => parseListPage(await fetchPage(target)));
    // Fewer rows than were asked for need not be the last: the site may have a limit of its own.
    lastOffset = Math.max(lastOffset, page.lastOffset);
    if (page.rowCount === 0) {
      if (lastOffset < rowCount || rowCount === 0) return requireRows({ entries, notes }, target);
      throw new CctError(
        'unintelligible',
        `${target} has no rows, but index.php links to rows from ${formatCount(lastOffset)} on`,
      );
    }
    const print = toPrint(page);
    if (seen.has(print)) throw new CctError('unintelligible', `${target} repeats the rows of an earlier page`);
    seen.add(print);
    // Texts of their own: those that the parser gives are views, and would keep the page in memory.
    for (const entry of structuredClone(page.entries)) entries.push(entry);
    for (const note of page.notes) notes.push({ ...note, file: target });
    // Rows that were added meanwhile move the others down: some come twice, none is passed over.
    rowCount += page.rowCount;
    onRows(rowCount);
  }
  throw new CctError('unintelligible', `index.php does not end after ${toAmount(rowCount, 'row')}`);
}

/** Equal for two pages that hold the same rows. */
function toPrint({ entries, notes }: ListReading): string {
  return createHash('sha256')
    .update(JSON.stringify([entries, notes]))
    .digest('base64');
}

async function readWhole({ fetchPage, onRows, isKnown = () => false }: DownloadOptions, earlier: CctError): Promise<ListReading> {
  try {
    const reading = await understand('all.php', async () => {
      const text = await fetchPage('all.php');
      if (isHtmlPage(text)) throw new CctError('input', 'expected the list, found an HTML page');
      const found = parseLineList(text);
      refuseCut(text, found.entries.at(-1)?.url ?? '', isKnown);
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
 * The page says nowhere how long it is. Half of an entry at its end is told from a whole one by what ends each line, and where the site
 * should leave that out at the end, by the entry's being known: the last one is the oldest, and entries do not leave the list.
 */
function refuseCut(text: string, lastUrl: string, isKnown: (url: string) => boolean): void {
  if (endsInLineEnd(text) || isKnown(lastUrl)) return;
  throw new CctError('input', 'the page is truncated: it ends in the middle of a line');
}

function requireRows(reading: ListReading, target: string): ListReading {
  if (reading.entries.length === 0) throw new CctError('unintelligible', `${target} has no entries`);
  return reading;
}

/** What a reader says of a file is said of a page: it is the site's fault, and none of the user's input. */
async function understand<Result>(page: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (thrown) {
    const { code, message } = toCctError(thrown);
    throw code === 'input' ? new CctError('unintelligible', `${page}: ${message}`, { cause: thrown }) : thrown;
  }
}
