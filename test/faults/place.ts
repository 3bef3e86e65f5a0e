import { readCertificate } from '../helpers/certificates.ts';
import type { FakeTrackerOptions } from '../helpers/fake-tracker.ts';
import { startFakeTracker } from '../helpers/fake-tracker.ts';
import { hasIpv6 } from '../helpers/loopback-server.ts';
import type { Cell, UpdateCell } from './cells.ts';
import type { FaultRow, ServerRow } from './rows.ts';
import { list, LIST_PAGE_ROWS, listings } from './scenario.ts';

/** The tracker of a cell. */
export interface Place {
  readonly url: string;
  close(): Promise<void>;
}

const ok: Partial<FakeTrackerOptions> = { listings, entries: list, maxPageSize: LIST_PAGE_ROWS };

/** Whether this machine can have the fault: some have no IPv6, not even on loopback. */
export function canBeHere(row: FaultRow): boolean {
  return row.at !== 'server' || row.host !== '::1' || hasIpv6;
}

/** Starts the tracker of a cell, with its fault. */
export async function openPlace(cell: Cell): Promise<Place> {
  const { row } = cell;
  if (row.at === 'server') return openServer(row);
  const tracker = await startFakeTracker({ ...ok, ...toFaults(cell) });
  const url = row.at === 'resolver' ? `http://tracker.example:${new URL(tracker.url).port}/` : tracker.url;
  return { url, close: () => tracker.close() };
}

async function openServer(row: ServerRow): Promise<Place> {
  const tls = row.certificate === undefined ? undefined : readCertificate(row.certificate);
  const tracker = await startFakeTracker({ ...ok, ...row.options }, tls, row.host);
  if (row.isGone === true) await tracker.close();
  return { url: row.toUrl?.(new URL(tracker.url)) ?? tracker.url, close: () => tracker.close() };
}

function toFaults(cell: Cell): Partial<FakeTrackerOptions> {
  const { row } = cell;
  if (cell.surface === 'update') return toListFaults(cell);
  if (row.at !== 'answer') return {};
  // By key, not everywhere: the target of a redirect answers correctly.
  const faults = Object.fromEntries(cell.faulty.map(({ key }) => [key, row.fault]));
  return row.failsOnce === true ? { faults, failFirst: 1 } : { faults };
}

function toListFaults({ row, pages }: UpdateCell): Partial<FakeTrackerOptions> {
  if (row.at === 'server') return {};
  const isWhole = pages === 'all' || pages === 'later and all.php';
  const from = pages === 'later' || pages === 'later and all.php' ? LIST_PAGE_ROWS : 0;
  return { listFaults: { 'index.php': row.fault, ...(isWhole && { 'all.php': row.fault }) }, listFaultFrom: from };
}
