import type { ListEntry } from '../core/list-entry.ts';
import type { Indicator } from '../documents/indicator.ts';
import type { Reading } from './entry-values.ts';
import { readAddress, readName, readUrl } from './entry-values.ts';
import type { Selection } from './selection.ts';
import type { Tally } from './tally.ts';
import { isNamed } from './values.ts';

/** The indicators of entries, in their order, each once. */
export interface ListIndicators {
  readonly indicators: readonly Indicator[];
  /** How many entries they are of. */
  readonly entryCount: number;
}

/** `leftOut` counts the entries that are no indicator. An entry with a port or a path is a URL, else its host. */
export function toListIndicators(selection: Selection, leftOut: Tally): ListIndicators {
  let entryCount = 0;
  const indicators: Indicator[] = [];
  const seen = new Set<string>();
  // Of an entry without a host, the address is what is listed.
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

/** The list has no schemes, which these formats want; but it has the port of https. */
function toScheme({ url }: ListEntry): string {
  return /^[^/?#]*:0*443(?:[/?#]|$)/.test(url) ? 'https://' : 'http://';
}
