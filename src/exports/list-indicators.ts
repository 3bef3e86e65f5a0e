import type { ListEntry } from '../core/lookups/list-entry.ts';
import type { Indicator } from '../documents/indicator.ts';
import type { Reading } from './entry-values.ts';
import { readAddress, readName, readUrl } from './entry-values.ts';
import type { Selection } from './selection.ts';
import type { Tally } from './tally.ts';
import { isNamed } from './values.ts';

/** The distinct indicators of entries, in order. */
export interface ListIndicators {
  readonly indicators: readonly Indicator[];
  /** The number of entries that they represent. */
  readonly entryCount: number;
}

/** Converts entries to indicators: a URL if it has a port or path, else a host. `leftOut` counts entries that are not indicators. */
export function toListIndicators(selection: Selection, leftOut: Tally): ListIndicators {
  let entryCount = 0;
  const indicators: Indicator[] = [];
  const seen = new Set<string>();
  // An entry without a host lists its address.
  const ofAddresses = { ...selection, isResolved: true, maxShared: Infinity };
  for (const entry of selection.entries) {
    const type = toType(entry);
    const reading = readAs(type, entry, ofAddresses);
    if ('reason' in reading) {
      leftOut.add(reading.reason);
      continue;
    }
    entryCount += 1;
    const { family, date, url, ip } = entry;
    const indicator = { type, value: reading.value, family, firstListed: date, entry: url === '' ? ip : url };
    const key = JSON.stringify(indicator);
    if (!seen.has(key)) indicators.push({ ...indicator, answeredAt: selection.list.date });
    seen.add(key);
  }
  return { indicators, entryCount };
}

function toType(entry: ListEntry): Indicator['type'] {
  if (entry.path !== '' || entry.port !== '') return 'url';
  return isNamed(entry) ? 'domain' : 'ip';
}

function readAs(type: Indicator['type'], entry: ListEntry, selection: Selection): Reading {
  if (type === 'ip') return readAddress(entry, selection);
  if (type === 'domain') return readName(entry);
  const url = readUrl(entry);
  return 'reason' in url ? url : { value: `${toScheme(entry)}${url.value}` };
}

/** The list has no schemes, but these formats require one. Port 443 implies https. */
function toScheme({ url }: ListEntry): string {
  return /^[^/?#]*:0*443(?:[/?#]|$)/.test(url) ? 'https://' : 'http://';
}
