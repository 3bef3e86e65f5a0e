import { parseAuthority, isHostTooLong, isIpv4, isPrivateHost } from '../../core/observables/host.ts';
import { toSchemeless } from '../../core/observables/observable.ts';
import type { AddNote } from './list-reading.ts';
import type { SnapshotEntry } from '../snapshot/snapshot-file.ts';
import { toQuoted } from '../snapshot/snapshot-file.ts';
import { isDay } from '../../core/day.ts';

/** A row of the tracker's table: the date as DD-MM-YYYY, the other cells as in a `SnapshotEntry`, not yet cleaned. */
export interface ListRow {
  readonly date: string;
  readonly url: string;
  readonly ip: string;
  readonly family: string;
}

/** Converts a row to an entry, trimming cells and dropping a leading `scheme://`; null without url and address, or if the host is too long. */
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

function parseAddress(text: string, addNote: AddNote): string {
  if (text === '') return '';
  if (!isIpv4(text)) {
    addNote('address-ignored', `not an IPv4 address: ${toQuoted(text)}`);
    return '';
  }
  if (isPrivateHost(text)) addNote('address-private', `private address ignored: ${text}`);
  return text;
}

// The tracker shows this for a row without a date.
const NO_DATE = '01-01-1970';

function parseListDate(text: string, addNote: AddNote): string {
  if (text === NO_DATE) return '';
  const day = text.split('-').reverse().join('-');
  if (isDay(day)) return day;
  addNote('date-unknown', `not a DD-MM-YYYY date: ${toQuoted(text)}`);
  return '';
}
