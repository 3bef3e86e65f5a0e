import type { Fault } from './fake-faults.ts';
import type { ListEntry, ListSeparator } from './fake-pages.ts';
import { offsetOf, renderList, renderTable } from './fake-pages.ts';

/** The pages of the list. */
export type ListPageName = 'index.php' | 'all.php';

/** A fault of a page of the list: any fault of a lookup, and these. */
export type ListFault =
  | Fault
  /** The page without entries: on `index.php` the table with its header. */
  | 'no-rows'
  /** The page up to the middle of its last row, sent as a whole one. */
  | 'cut-row'
  /** `index.php` from the first row, whatever `s` says. */
  | 'first-page';

/** The settings of the pages of the list. */
export interface ListSettings {
  /** Newest first. None by default. */
  readonly entries: readonly ListEntry[];
  /** The end of an entry of `all.php`. A line break by default. */
  readonly listSeparator: ListSeparator;
  /** The most rows of a page of `index.php`, whatever `m` says. No limit by default. */
  readonly maxPageSize: number;
  readonly listFaults: Readonly<Partial<Record<ListPageName, ListFault>>>;
  /** The first row with the fault of `index.php`. 0 by default. */
  readonly listFaultFrom: number;
}

/** The text of a page of the list, and the fault of sending it. */
export interface RenderedListPage {
  readonly body: string;
  readonly fault: Fault | undefined;
}

/** The fault of this page; for `index.php` it may begin at a later row. */
export function listFaultOf(page: ListPageName, query: string, settings: ListSettings): ListFault | undefined {
  const isBefore = page === 'index.php' && offsetOf(new URLSearchParams(query)) < settings.listFaultFrom;
  return isBefore ? undefined : settings.listFaults[page];
}

/** The page, with its fault. */
export function renderListPage(
  page: ListPageName,
  query: string,
  settings: ListSettings,
  fault: ListFault | undefined,
): RenderedListPage {
  const parameters = new URLSearchParams(query);
  if (fault === 'first-page') parameters.delete('s');
  const entries = fault === 'no-rows' ? [] : settings.entries;
  const body =
    page === 'all.php' ? renderList(entries, settings.listSeparator) : renderTable(entries, parameters, settings.maxPageSize);
  if (fault === 'cut-row') return { body: cutInRow(body), fault: undefined };
  return { body, fault: fault === 'first-page' || fault === 'no-rows' ? undefined : fault };
}

function cutInRow(body: string): string {
  const lastRow = Math.max(body.lastIndexOf('<tr><td>'), 0);
  return body.slice(0, lastRow + (body.length - lastRow) / 2);
}
