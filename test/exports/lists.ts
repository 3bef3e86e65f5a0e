import type { List, ListEntry } from '../../src/core/lookups/list-entry.ts';
import type { ExportFormat } from '../../src/exports/export-format.ts';
import { exportList } from '../../src/exports/export-list.ts';
import type { Exported } from '../../src/exports/export-list.ts';
import type { Choices } from '../../src/exports/selection.ts';
import { toPlace, toSentPath } from '../../src/tracker/snapshot/place.ts';

/** An entry as `openList` makes it. */
export function toEntry(url: string, given: Partial<Pick<ListEntry, 'date' | 'covers' | 'ip' | 'family'>> = {}): ListEntry {
  const { host, port, path } = toPlace(url);
  const place = { host, port, path: toSentPath(path) };
  return { date: '2018-01-14', covers: 'url', ip: '', family: 'Pony', url: url.trim(), ...given, ...place };
}

/** A list of entries, or of URLs. */
export function toList(...entries: (ListEntry | string)[]): List {
  return {
    date: '2018-01-31',
    origin: 'made up',
    entries: entries.map((entry) => (typeof entry === 'string' ? toEntry(entry) : entry)),
  };
}

/** When tests export. */
export const NOW = new Date('2026-01-02T03:04:05.678Z');

/** All entries, without an address that a name resolved to. */
export const EVERYTHING: Omit<Choices, 'isPublicOnly'> = {
  since: '',
  hosts: 'any',
  families: new Set(),
  isResolved: false,
  maxShared: 2,
};

/** Exports with all entries, but for the given choices. */
export function exportAll(format: ExportFormat, list: List, choices: Partial<Choices> = {}): Exported {
  return exportList(list, format, { ...EVERYTHING, ...choices });
}

/** The lines of an export without a header. Throws for a directory. */
export function linesOf(exported: Exported): string[] {
  return textOf(exported).split('\n').slice(0, -1);
}

/** The text of an export without a header. Throws for a directory. */
export function textOf({ written }: Exported, now = NOW): string {
  const text = written.render([], now);
  if (typeof text !== 'string') throw new Error('It is a directory');
  return text;
}

/** What was left out, as `COUNT REASON`. */
export function leftOutOf({ account }: Exported): string[] {
  return account.leftOut.counts().map(([reason, count]) => `${count} ${reason}`);
}
