import { openSnapshot } from '../../wiring/open-snapshot.ts';
import type { Session } from '../session.ts';
import { printSnapshot } from '../snapshot-facts.ts';

/** `cct snapshot info`: what the installed snapshot, or the one named by `--snapshot`, holds. */
export async function runSnapshotInfo(session: Session): Promise<number> {
  const { snapshot, path, note } = await openSnapshot(session.config.snapshot, session.io);
  if (note !== null) session.talk.note(note);
  return printSnapshot(session, snapshot, path);
}
