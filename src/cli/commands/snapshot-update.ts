import type { Command } from 'commander';
import { trackerSettings } from '../../config.ts';
import { toCounts } from '../../core/amount.ts';
import type { UpdatedSnapshot } from '../../wiring/lists/update-snapshot.ts';
import { updateSnapshot } from '../../wiring/lists/update-snapshot.ts';
import { printInstalled, reportIgnored } from '../output/snapshot.ts';
import type { Run } from '../program/command.ts';
import { addSettings } from '../program/command.ts';
import type { Spinner } from '../progress.ts';
import { canShowProgress, openSpinner } from '../progress.ts';
import type { Session } from '../session.ts';

/** `cct snapshot update`. */
export function declare(command: Command): Run {
  command.option('--force', 'install the list even if it has less than half of the installed entries');
  const { apiUrl, timeoutMs, retries, ratePerSecond, proxy, userAgent } = trackerSettings;
  addSettings(command, {
    Tracker: { apiUrl, timeoutMs, retries, ratePerSecond, proxy, userAgent },
  });
  return runSnapshotUpdate;
}

async function runSnapshotUpdate(session: Session, options: { readonly force?: boolean }): Promise<number> {
  const { io, talk, signal } = session;
  const startedMs = io.monotonicMs();
  const progress = await startProgress(session);
  const onRows = (rowCount: number) => progress.show(toProgress(rowCount, io.monotonicMs() - startedMs));
  const running = { notices: talk, signal };
  const updated = await updateSnapshot(session, { ...options, onRows }, running).finally(() => progress.stop());
  reportFailure(session, updated);
  reportIgnored(session, updated);
  reportChanges(session, updated);
  return printInstalled(session, updated);
}

const noSpinner: Spinner = { show: () => undefined, stop: () => undefined };

function startProgress(session: Session): Promise<Spinner> {
  return canShowProgress(session) ? openSpinner(session.io, session.colour.stderr) : Promise.resolve(noSpinner);
}

function toProgress(rowCount: number, tookMs: number): string {
  return rowCount > 0 && tookMs > 0 ? `${rowCount} rows · ${Math.round((rowCount * 1000) / tookMs)} rows/s` : `${rowCount} rows`;
}

function reportFailure({ talk }: Session, { failure, changes }: UpdatedSnapshot): void {
  if (!failure) return;
  const kept = changes ? '; known ones are kept' : '';
  talk.note(`using all.php, which has no dates, families or addresses${kept}: ${failure.message}`);
  talk.causes(failure);
}

function reportChanges({ talk }: Session, { changes }: UpdatedSnapshot): void {
  if (!changes) return;
  talk.note(`compared with the previous snapshot: ${toCounts({ ...changes }) || 'no changes'}`);
}
