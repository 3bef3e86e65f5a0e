import { formatCount, toAmount } from '../../core/amount.ts';
import { CctError, toCctError } from '../../core/errors.ts';
import type { DownloadedList } from '../../tracker/lists/download-list.ts';
import { downloadList } from '../../tracker/lists/download-list.ts';
import { openListClient } from '../../tracker/lists/list-client.ts';
import type { Merged } from '../../tracker/lists/list-merge.ts';
import type { DiffCounts } from '../../tracker/lists/list-diff.ts';
import { countDiff, diffEntries } from '../../tracker/lists/list-diff.ts';
import { carryFactsOver, mergeEntries } from '../../tracker/lists/list-merge.ts';
import { countNotes } from '../../tracker/lists/list-reading.ts';
import type { Snapshot } from '../../tracker/snapshot/snapshot-file.ts';
import { installSnapshot } from '../../tracker/snapshot/snapshot-store.ts';
import type { InstalledSnapshot, Running } from './import-snapshot.ts';
import { installedPath, openInstalled } from './open-snapshot.ts';
import { toClientOptions } from '../open-tracker.ts';
import type { Notices, Setup } from '../setup.ts';

export interface UpdatedSnapshot extends InstalledSnapshot {
  /** Why the list came from `all.php`, which has no dates, families or addresses. */
  readonly failure: CctError | undefined;
  /** The difference from the replaced snapshot; undefined when there was none. */
  readonly changes: DiffCounts | undefined;
}

export interface UpdateOptions {
  /** Install the list even if it has less than half as many entries as the installed one. */
  readonly force?: boolean;
  /** Receives the number of rows downloaded so far, 0 at the start. */
  readonly onRows: (rowCount: number) => void;
}

/**
 * Downloads the tracker's list and installs it atomically, dated today (UTC). Rejects with the tracker's failure, with `unexpected-answer`
 * for a list that has shrunk by half, and with `output`.
 */
export async function updateSnapshot(
  setup: Setup,
  { force = false, onRows }: UpdateOptions,
  running: Running,
): Promise<UpdatedSnapshot> {
  const { io, config } = setup;
  const path = installedPath(io);
  const replaced = await openReplaced(path, running.notices);
  const list = await download(setup, replaced, { onRows, ...running });
  const { entries, mergedCount } = toEntries(list, replaced);
  if (replaced && !force) refuseShrunken(entries.length, replaced.entries.length);
  const origin = new URL(list.page, config.apiUrl).href;
  const snapshot: Snapshot = { date: io.now().toISOString().slice(0, 10), origin, entries };
  await installSnapshot(path, snapshot, { signal: running.signal, now: io.now() });
  const { notes, failure } = list;
  const changes = replaced ? countDiff(diffEntries(replaced.entries, entries)) : undefined;
  return { snapshot, path, notes, ignored: countNotes(notes), mergedCount, failure, changes };
}

/** Opens the installed snapshot; null if there is none or it is unusable. */
async function openReplaced(path: string, notices: Notices): Promise<Snapshot | null> {
  try {
    return await openInstalled(path);
  } catch (thrown) {
    const { code, message } = toCctError(thrown);
    if (code !== 'input') throw thrown;
    notices.note(`the installed snapshot is unusable and will be replaced: ${message}`);
    return null;
  }
}

async function download(
  setup: Setup,
  replaced: Snapshot | null,
  { notices, signal, onRows }: Running & Pick<UpdateOptions, 'onRows'>,
): Promise<DownloadedList> {
  const known = new Set(replaced?.entries.map(({ url }) => url));
  const client = await openListClient(toClientOptions(setup, (text) => notices.detail(text)));
  onRows(0);
  try {
    return await downloadList({
      fetchPage: (target) => client.fetchPage(target, signal),
      isKnown: (url) => known.has(url),
      onRows,
    });
  } finally {
    client.close();
  }
}

/** Completes a list from `all.php` with data of the snapshot that it replaces. */
function toEntries({ page, entries }: DownloadedList, replaced: Snapshot | null): Merged {
  const merged = mergeEntries([entries]);
  if (page === 'index.php' || !replaced) return merged;
  return { ...merged, entries: carryFactsOver(merged.entries, replaced.entries) };
}

function refuseShrunken(count: number, replacedCount: number): void {
  if (count * 2 >= replacedCount) return;
  throw new CctError(
    'unexpected-answer',
    `the downloaded list has ${toAmount(count, 'entry', 'entries')}, less than half of the ${formatCount(replacedCount)} installed: the old list stays. Pass --force to install it anyway`,
  );
}
