import { toAmount } from '../core/amount.ts';
import { isIpv4, toIpv4Number } from '../core/host.ts';
import type { ListEntry } from '../core/list-entry.ts';
import type { Reading } from './entry-values.ts';
import { readAddress, readName } from './entry-values.ts';
import type { Selection } from './selection.ts';
import type { Tally } from './tally.ts';

/** The distinct values of entries; `leftOut` counts by reason the entries that have none. */
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

/** The names of entries. */
export function collectNames({ entries }: Selection, leftOut: Tally): Values {
  const paths = createPathCount();
  const names = collectValues(entries, leftOut, (entry) => paths.counting(entry, readName(entry)));
  return { values: names.toSorted(), remarks: paths.remarks() };
}

/** The addresses of entries, sorted as numbers. */
export function collectAddresses(selection: Selection, leftOut: Tally): Values {
  const paths = createPathCount();
  const addresses = collectValues(selection.entries, leftOut, (entry) => paths.counting(entry, readAddress(entry, selection)));
  return { values: sortAddresses(addresses), remarks: paths.remarks() };
}

/** Sorts IPv4 addresses as numbers. */
function sortAddresses(addresses: Iterable<string>): readonly string[] {
  return [...addresses].sort((one, other) => toIpv4Number(one) - toIpv4Number(other));
}

/** Hosts, sorted: names and addresses. With `isResolved`, the addresses to which names resolved too. */
export interface Hosts {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  readonly remarks: readonly string[];
}

/** The hosts of entries, for a format that has names and addresses. `read` reads the name. */
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

/** Whether the host of an entry is known, and no IPv4 address. */
export function isNamed({ host }: ListEntry): boolean {
  return host !== '' && !isIpv4(host);
}

/** The remark on addresses to which names resolved, and which are not used. */
export function remarkOnUnused(count: number): readonly string[] {
  const addresses = toAmount(count, 'resolved address', 'resolved addresses');
  return count === 0 ? [] : [`${addresses}: unknown, or of more entries than --max-shared`];
}

/** Counts the entries with a path or port, of those that are written as a host. */
export function createPathCount() {
  let count = 0;
  const countEntry = ({ path, port }: ListEntry) => {
    if (path !== '' || port !== '') count += 1;
  };
  return {
    count: countEntry,
    /** Counts an entry that has a value; returns the reading. */
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
