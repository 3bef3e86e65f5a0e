import { formatCount, toAmount } from '../../core/amount.ts';
import { CctError, toCctError } from '../../core/errors.ts';
import type { DownloadedList } from '../../tracker/lists/download-list.ts';
import { downloadList } from '../../tracker/lists/download-list.ts';
import { openListClient } from '../../tracker/lists/list-client.ts';
import type { Merged } from '../../tracker/lists/list-merge.ts';
import { carryFactsOver, countMissing, mergeEntries } from '../../tracker/lists/list-merge.ts';
import type { Snapshot } from '../../tracker/snapshot/snapshot-file.ts';
import { installSnapshot } from '../../tracker/snapshot/snapshot-store.ts';
import { installedPath, openInstalled } from '../../wiring/open-snapshot.ts';
import { toClientOptions } from '../../wiring/open-tracker.ts';
import type { Spinner } from '../progress.ts';
import { canShowProgress, openSpinner } from '../progress.ts';
import type { Session } from '../session.ts';
import { printSnapshot, tellNotUsable } from '../snapshot-facts.ts';

export interface UpdateWishes {
  /** Installs a list that has less than half of the entries of the one it replaces, too. */
  readonly force?: boolean;
}

/**
 * `cct snapshot update`: downloads the tracker's list and makes it the installed snapshot, of today (UTC). The one before stays until the
 * new one is whole, and when there is no new one. What could not be used is counted on stderr, and named with `-v`.
 */
export async function runSnapshotUpdate(session: Session, { force = false }: UpdateWishes): Promise<number> {
  const { io, config, talk, signal } = session;
  const path = installedPath(io);
  const replaced = await openReplaced(session, path);
  const known = new Set(replaced?.entries.map(({ url }) => url));
  const list = await download(session, (url) => known.has(url));
  const { entries, mergedCount } = toEntries(list, replaced);
  if (replaced && !force) refuseShrunken(entries.length, replaced.entries.length);
  const snapshot: Snapshot = {
    date: io.now().toISOString().slice(0, 10),
    origin: new URL(list.page, config.apiUrl).href,
    entries,
  };
  await installSnapshot(path, snapshot, { signal, now: io.now() });
  if (list.failure) tellFailure(session, list.failure, replaced);
  tellNotUsable(session, list.notes, mergedCount);
  if (replaced) tellChanges(session, entries, replaced.entries);
  talk.note(`${toAmount(entries.length, 'entry', 'entries')} installed; use --offline to query them`);
  return printSnapshot(session, snapshot, path);
}

/** The installed snapshot, null when there is none that can be read: then a new one is what is needed. */
async function openReplaced({ talk }: Session, path: string): Promise<Snapshot | null> {
  try {
    return await openInstalled(path);
  } catch (thrown) {
    const { code, message } = toCctError(thrown);
    if (code !== 'input') throw thrown;
    talk.note(`the installed snapshot is unusable and will be replaced: ${message}`);
    return null;
  }
}

async function download(session: Session, isKnown: (url: string) => boolean): Promise<DownloadedList> {
  const { io, talk, signal } = session;
  const client = await openListClient(toClientOptions(session, (text) => talk.detail(text)));
  const startedMs = io.now().getTime();
  const progress = await startProgress(session);
  try {
    return await downloadList({
      fetchPage: (target) => client.fetchPage(target, signal),
      isKnown,
      onRows: (rowCount) => progress.show(toProgress(rowCount, io.now().getTime() - startedMs)),
    });
  } finally {
    progress.stop();
    client.close();
  }
}

const noSpinner: Spinner = { show: () => undefined, stop: () => undefined };

function startProgress({ io, config, colour }: Session): Promise<Spinner> {
  // What is said meanwhile would be torn by a moving line.
  if (config.quiet || config.verbose || config.debug || !canShowProgress(io)) return Promise.resolve(noSpinner);
  return openSpinner(io, { isColoured: colour.stderr, text: toProgress(0, 0) });
}

function toProgress(rowCount: number, tookMs: number): string {
  return tookMs > 0 ? `${rowCount} rows · ${Math.round((rowCount * 1000) / tookMs)} rows/s` : `${rowCount} rows`;
}

/** What is to be installed. A list from `all.php` takes what it lacks from the one it replaces. */
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

function tellFailure({ talk }: Session, failure: CctError, replaced: Snapshot | null): void {
  const kept = replaced ? '; known ones are kept' : '';
  talk.note(`using all.php, which has no dates, families and addresses${kept}: ${failure.message}`);
  talk.causes(failure);
}

function tellChanges({ talk }: Session, entries: Snapshot['entries'], before: Snapshot['entries']): void {
  const [added, gone] = [countMissing(entries, before), countMissing(before, entries)];
  const changes = [added > 0 ? `${formatCount(added)} new` : '', gone > 0 ? `${formatCount(gone)} removed` : ''];
  talk.note(`compared with the previous snapshot: ${changes.filter((change) => change !== '').join(', ') || 'no changes'}`);
}
