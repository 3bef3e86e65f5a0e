import type { SnapshotEntry } from '../../src/tracker/snapshot/snapshot-file.ts';
import { writeSnapshot } from '../../src/tracker/snapshot/snapshot-file.ts';
import type { ListEntry } from '../helpers/fake-tracker.ts';

/** An observable, and the tracker's answer without a fault. */
export interface Asked {
  readonly type: 'ip' | 'url';
  readonly value: string;
  readonly key: string;
  /** Null where it is not listed. */
  readonly family: string | null;
}

/** Fifty observables: addresses and URLs in turn, each third listed, with its own family. */
export const fifty: readonly Asked[] = Array.from({ length: 50 }, (_, at) => {
  const family = at % 3 === 0 ? `Family${at}` : null;
  const key = at % 2 === 0 ? `198.51.100.${at + 1}` : `h${at}.example/p${at}?q=1`;
  return at % 2 === 0 ? { type: 'ip', value: key, key, family } : { type: 'url', value: `http://${key}`, key, family };
});

/** The single faulty one. It is unlisted and the next one is listed: each of their answers would be wrong for the other. */
export const FAULTY_AT = 23;

/** The tracker's messages by lookup key. */
export const listings: Readonly<Record<string, string>> = Object.fromEntries(
  fifty.flatMap(({ key, family }) => (family === null ? [] : [[key, `Malicious: ${family}`]])),
);

/** The date of the snapshot, and the family of its entries: the live site names others. */
export const SNAPSHOT_DATE = '2026-01-01';
export const SNAPSHOT_FAMILY = 'OnTheList';

/** A snapshot that lists these observables, and another one. */
export function toSnapshotText(asked: readonly Asked[]): string {
  const entries = asked.map(({ type, key }): SnapshotEntry => {
    const place = type === 'ip' ? { url: `panel.example/${key}`, ip: key } : { url: key, ip: '' };
    return { date: '2025-12-01', covers: 'url', family: SNAPSHOT_FAMILY, ...place };
  });
  const other: SnapshotEntry = { date: '2025-12-01', covers: 'url', url: 'other.example/x', ip: '', family: SNAPSHOT_FAMILY };
  return writeSnapshot({ date: SNAPSHOT_DATE, origin: 'a test', entries: [...entries, other] });
}

/** The tracker's list: two pages of `index.php`. */
export const LIST_PAGE_ROWS = 20;
export const list: readonly ListEntry[] = Array.from({ length: 30 }, (_, at) => ({
  date: '30-12-2025',
  url: `l${at}.example/panel/${at}`,
  ip: `203.0.113.${at + 1}`,
  family: at % 2 === 0 ? 'Pony' : 'ZeuS',
}));

/** The list that is installed when an update begins: its older four fifths, with an older date. */
export const oldListText: string = writeSnapshot({
  date: SNAPSHOT_DATE,
  origin: 'a test',
  entries: list.slice(6).map(({ url, ip, family }) => ({ date: '2025-12-30', covers: 'url', url, ip, family })),
});
