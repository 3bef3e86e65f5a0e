import { openSnapshot } from '../../wiring/open-snapshot.ts';
import { printSnapshot } from '../output/snapshot.ts';
import type { Session } from '../session.ts';

/** `cct snapshot info`: prints what the installed snapshot, or the one of `--snapshot`, holds. Resolves to the exit status. */
export async function runSnapshotInfo(session: Session): Promise<number> {
  const opened = await openSnapshot(session.config.snapshot, session.io);
  if (opened.note !== null) session.talk.note(opened.note);
  return printSnapshot(session, opened);
}
