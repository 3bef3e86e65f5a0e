import type { Exclusions } from '../core/observables/exclusions.ts';
import { isIpv4, isPrivateHost, isPrivateIpv4 } from '../core/observables/host.ts';
import type { List, ListEntry } from '../core/lookups/list-entry.ts';
import type { Warninglists } from '../core/observables/warninglists.ts';
import type { Tally } from './tally.ts';

/** Which entries of a list are exported. */
export interface Choices {
  /** `YYYY-MM-DD`: leaves out entries that are older or have no date; '' leaves out none. */
  readonly since: string;
  /** `whole`: only hosts that are listed without a path, by a host list, or by at least two entries. */
  readonly hosts: 'whole' | 'any';
  /** Lower case; empty for all. */
  readonly families: ReadonlySet<string>;
  readonly exclusions?: Exclusions | undefined;
  readonly warninglists?: Warninglists | undefined;
  /** Whether to include the addresses that hosts resolved to. */
  readonly isResolved: boolean;
  /** Leaves out resolved addresses that more entries than this share. */
  readonly maxShared: number;
  /** Whether to leave out private addresses and internal names. */
  readonly isPublicOnly: boolean;
}

/** The entries to export. Addresses that must not be used are ''. */
export interface Selection {
  readonly list: List;
  readonly entries: readonly ListEntry[];
  readonly isResolved: boolean;
  readonly maxShared: number;
  /** The number of entries of the whole list with an address, as host or resolved. */
  readonly sharedBy: (address: string) => number;
}

/** Selects entries, in the order of the list. `leftOut` counts all others by their first reason, `addresses` the unused addresses. */
export function selectEntries(list: List, choices: Choices, leftOut: Tally, addresses: Tally): Selection {
  const { since, hosts, families, isResolved, maxShared } = choices;
  const recent = since === '' ? list.entries : list.entries.filter(({ date }) => date >= since);
  leftOut.add('listed before --since, or without a date', list.entries.length - recent.length);
  const isWhole = hosts === 'any' ? () => true : findWholeHosts(recent);
  const entries: ListEntry[] = [];
  for (const entry of recent) {
    const reason =
      whyLeftOut(entry, choices, isWhole) ?? (families.size > 0 && !isOf(families, entry) ? OTHER_FAMILY : undefined);
    if (reason === undefined) entries.push(withoutBadAddress(entry, choices, addresses));
    else leftOut.add(reason);
  }
  return { list, entries, isResolved, maxShared, sharedBy: countByAddress(list.entries) };
}

const OTHER_FAMILY = 'of another --family';

function isOf(families: ReadonlySet<string>, { family }: ListEntry): boolean {
  return families.has(family.toLowerCase());
}

function whyLeftOut(
  entry: ListEntry,
  { exclusions, warninglists, isPublicOnly }: Choices,
  isWhole: (entry: ListEntry) => boolean,
): string | undefined {
  const host = entry.host === '' ? entry.ip : entry.host;
  if (exclusions?.find(host) !== undefined) return 'excluded by --exclude';
  const [named] = warninglists ? findWarnings(warninglists, entry) : [];
  if (named !== undefined) return toWarned(named);
  if (isPublicOnly && host !== '' && isPrivateHost(host)) return 'private or internal';
  return isWhole(entry) ? undefined : 'one page of a host (--hosts whole)';
}

const toWarned = (name: string) => `on the warninglist ${name}`;

/** The warninglists that contain an entry, as a host or as a URL. */
function findWarnings(warninglists: Warninglists, { url, host, ip }: ListEntry): readonly string[] {
  if (host === '') return warninglists.find({ type: 'ip', value: ip });
  const named = warninglists.find({ type: isIpv4(host) ? 'ip' : 'domain', value: host });
  return named.length > 0 ? named : warninglists.find({ type: 'url', value: url });
}

/** Whether a host is listed as a whole. This includes entries with only an address. */
function findWholeHosts(entries: readonly ListEntry[]): (entry: ListEntry) => boolean {
  const seen = new Set<string>();
  const whole = new Set<string>();
  for (const { host, path, covers } of entries) {
    if (path === '' || covers === 'host' || seen.has(host)) whole.add(host);
    seen.add(host);
  }
  return ({ host }) => whole.has(host);
}

/** Like snapshot matching, never uses a private address of an entry. */
function withoutBadAddress(entry: ListEntry, { exclusions, warninglists }: Choices, addresses: Tally): ListEntry {
  const { ip, host } = entry;
  if (ip === '' || ip === host || host === '') return entry;
  const [named] = warninglists?.find({ type: 'ip', value: ip }) ?? [];
  let reason: string | undefined;
  if (!isIpv4(ip) || isPrivateIpv4(ip)) reason = 'private';
  else if (exclusions?.find(ip) !== undefined) reason = 'excluded by --exclude';
  else if (named !== undefined) reason = toWarned(named);
  if (reason === undefined) return entry;
  addresses.add(reason);
  return { ...entry, ip: '' };
}

function countByAddress(entries: readonly ListEntry[]): (address: string) => number {
  const counts = new Map<string, number>();
  const add = (address: string) => counts.set(address, (counts.get(address) ?? 0) + 1);
  for (const { ip, host } of entries) {
    if (ip !== '') add(ip);
    if (host !== ip && isIpv4(host)) add(host);
  }
  return (address) => counts.get(address) ?? 0;
}
