import { toAmount } from '../core/amount.ts';
import { isIpv4, toIpv4Number } from '../core/observables/host.ts';
import type { ListEntry } from '../core/lookups/list-entry.ts';
import type { Reading } from './entry-values.ts';
import { readAddress, readName } from './entry-values.ts';
import type { Selection } from './selection.ts';
import type { Tally } from './tally.ts';

/** Collects the distinct values of entries. `leftOut` counts, by reason, the entries that have none. */
export function collectValues(
  entries: readonly ListEntry[],
  leftOut: Tally,
  read: (entry: ListEntry) => Reading,
): readonly string[] {
  const values = new Set<string>();
  for (const entry of entries) {
    const reading = read(entry);
    if ('value' in reading) values.add(reading.value);
    else leftOut.add(reading.reason);
  }
  return [...values];
}

/** Hosts of one kind, sorted, and remarks on them. */
export interface Values {
  readonly values: readonly string[];
  readonly remarks: readonly string[];
}

/** Collects the names of entries. */
export function collectNames({ entries }: Selection, leftOut: Tally): Values {
  const paths = createPathCount();
  const names = collectValues(entries, leftOut, (entry) => paths.counting(entry, readName(entry)));
  return { values: names.toSorted(), remarks: paths.remarks() };
}

/** Collects the addresses of entries, sorted as numbers. */
export function collectAddresses(selection: Selection, leftOut: Tally): Values {
  const paths = createPathCount();
  const addresses = collectValues(selection.entries, leftOut, (entry) => paths.counting(entry, readAddress(entry, selection)));
  return { values: sortAddresses(addresses), remarks: paths.remarks() };
}

function sortAddresses(addresses: Iterable<string>): readonly string[] {
  return [...addresses].sort((one, other) => toIpv4Number(one) - toIpv4Number(other));
}

/** Sorted names and addresses. With `isResolved`, these include the addresses that names resolved to. */
export interface Hosts {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  readonly remarks: readonly string[];
}

/** Collects the hosts of entries, for a format with names and addresses. `read` reads a name. */
export function collectHosts(selection: Selection, leftOut: Tally, read: (entry: ListEntry) => Reading = readName): Hosts {
  const [names, addresses, paths] = [new Set<string>(), new Set<string>(), createPathCount()];
  let unusedCount = 0;
  for (const entry of selection.entries) {
    const isName = isNamed(entry);
    const host = paths.counting(entry, isName ? read(entry) : readAddress(entry, selection));
    if ('reason' in host) leftOut.add(host.reason);
    else (isName ? names : addresses).add(host.value);
    const resolved = isName && selection.isResolved ? readAddress(entry, selection) : undefined;
    if (resolved && 'value' in resolved) addresses.add(resolved.value);
    else if (resolved) unusedCount += 1;
  }
  const remarks = [...paths.remarks(), ...remarkOnUnused(unusedCount)];
  return { names: [...names].sort(), addresses: sortAddresses(addresses), remarks };
}

/** Whether the host of an entry is known and not an IPv4 address. */
export function isNamed({ host }: ListEntry): boolean {
  return host !== '' && !isIpv4(host);
}

/** The remark on unused addresses that names resolved to. */
export function remarkOnUnused(count: number): readonly string[] {
  const addresses = toAmount(count, 'resolved address', 'resolved addresses');
  return count === 0 ? [] : [`${addresses}: unknown, or of more entries than --max-shared`];
}

/** Counts the entries with a path or port that are exported only as a host. */
export function createPathCount() {
  let count = 0;
  const countEntry = ({ path, port }: ListEntry) => {
    if (path !== '' || port !== '') count += 1;
  };
  return {
    count: countEntry,
    /** Counts the entry if the reading has a value. Returns the reading. */
    counting(entry: ListEntry, reading: Reading): Reading {
      if ('value' in reading) countEntry(entry);
      return reading;
    },
    remarks: (): readonly string[] =>
      count === 0 ? [] : [`the path or port of ${toAmount(count, 'entry', 'entries')}, which this format cannot express`],
  };
}

/** Lines as a text; '' for none. */
export function toLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
