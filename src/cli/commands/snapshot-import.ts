import type { ImportOptions } from '../../wiring/import-snapshot.ts';
import { importSnapshot } from '../../wiring/import-snapshot.ts';
import { printInstalled, reportIgnored } from '../output/snapshot.ts';
import type { Session } from '../session.ts';

/** `cct snapshot import FILE...`: installs lists, or adds them to the installed snapshot. Resolves to the exit status. */
export async function runSnapshotImport(session: Session, files: readonly string[], options: ImportOptions): Promise<number> {
  const installed = await importSnapshot(session, files, options, { notices: session.talk, signal: session.signal });
  reportIgnored(session, installed);
  return printInstalled(session, installed);
}
