import { parseAuthority, isHostTooLong, isIpv4, isPrivateHost } from '../../core/host.ts';
import { toSchemeless } from '../../core/observable.ts';
import type { AddNote } from './list-reading.ts';
import type { SnapshotEntry } from '../snapshot/snapshot-file.ts';
import { isDay, toQuoted } from '../snapshot/snapshot-file.ts';

/** A row of the tracker's table as it shows it: the date as DD-MM-YYYY, the other cells as in a `SnapshotEntry`, all of them dirty. */
export interface ListRow {
  readonly date: string;
  readonly url: string;
  readonly ip: string;
  readonly family: string;
}

/**
 * The entry that a row of the tracker's table is, or null when it names nothing that could be found. Cells are trimmed, a leading
 * `scheme://` is cut, all else in a url stays byte for byte. What is not usable is noted.
 */
export function parseListRow(row: ListRow, addNote: AddNote): SnapshotEntry | null {
  const url = toSchemeless(row.url.trim());
  const family = row.family.trim();
  const ip = parseAddress(row.ip.trim(), addNote);
  if (url === '' && ip === '') {
    addNote('row-dropped', `no URL and no address, family ${toQuoted(family)}`);
    return null;
  }
  if (isHostTooLong(parseAuthority(url).host)) {
    addNote('row-dropped', `the host is too long: ${toQuoted(url)}`);
    return null;
  }
  return { date: parseListDate(row.date.trim(), addNote), covers: 'url', url, ip, family };
}

/** The address of a row, or '' when it has none that can be used. */
function parseAddress(text: string, addNote: AddNote): string {
  if (text === '') return '';
  if (!isIpv4(text)) {
    addNote('address-ignored', `not an IPv4 address: ${toQuoted(text)}`);
    return '';
  }
  if (isPrivateHost(text)) addNote('address-private', `private address ignored: ${text}`);
  return text;
}

// What the tracker shows for a row that it has no date for.
const NO_DATE = '01-01-1970';

function parseListDate(text: string, addNote: AddNote): string {
  if (text === NO_DATE) return '';
  const day = text.split('-').reverse().join('-');
  if (isDay(day)) return day;
  addNote('date-unknown', `not a DD-MM-YYYY date: ${toQuoted(text)}`);
  return '';
}
