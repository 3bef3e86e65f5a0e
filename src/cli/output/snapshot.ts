import { toAmount } from '../../core/amount.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import type { InstalledSnapshot } from '../../wiring/lists/import-snapshot.ts';
import type { OpenedSnapshot } from '../../wiring/lists/open-snapshot.ts';
import { toSnapshotFacts } from '../../wiring/lists/open-snapshot.ts';
import type { Session } from '../session.ts';
import { print } from '../session.ts';

type NoteKind = keyof InstalledSnapshot['ignored'];

const IGNORED: readonly (readonly [kind: NoteKind, one: string, many: string])[] = [
  ['row-dropped', 'invalid row', 'invalid rows'],
  ['address-ignored', 'invalid address', 'invalid addresses'],
  ['address-private', 'private address', 'private addresses'],
  ['date-unknown', 'invalid date', 'invalid dates'],
];

/** The prefix of a note's detail. For `address-private`, the detail already contains it. */
const LABELS: Readonly<Record<NoteKind, string>> = {
  'row-dropped': 'row ignored: ',
  'address-ignored': 'address ignored: ',
  'address-private': '',
  'date-unknown': 'date ignored: ',
};

/** Reports on stderr what was ignored and merged; with `-v`, each case. */
export function reportIgnored({ talk }: Session, { notes, ignored, mergedCount }: InstalledSnapshot): void {
  const counts = IGNORED.filter(([kind]) => ignored[kind] > 0).map(([kind, one, many]) => toAmount(ignored[kind], one, many));
  if (counts.length > 0) talk.note(`ignored: ${counts.join(', ')}`);
  for (const { file, line, kind, detail } of notes) {
    talk.detail(`${file === undefined ? '' : `${file}: `}line ${line}: ${LABELS[kind]}${detail}`);
  }
  if (mergedCount > 0) talk.note(`merged: ${toAmount(mergedCount, 'duplicate entry', 'duplicate entries')}`);
}

/** Reports an installed snapshot on stderr, and prints its facts. Resolves to the exit status. */
export async function printInstalled(session: Session, installed: InstalledSnapshot): Promise<number> {
  const { snapshot } = installed;
  session.talk.note(`${toAmount(snapshot.entries.length, 'entry', 'entries')} installed; use --offline to query them`);
  return printSnapshot(session, installed);
}

/** Prints the facts of a snapshot as JSON on stdout. Resolves to the exit status. */
export async function printSnapshot(session: Session, { snapshot, path }: Omit<OpenedSnapshot, 'note'>): Promise<number> {
  return print(session, `${toSafeJson(toSnapshotFacts(snapshot, path, session.io.now()), 2)}\n`);
}
