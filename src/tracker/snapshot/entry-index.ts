import { isIpv4, isPrivateHost, isPrivateIpv4 } from '../../core/observables/host.ts';
import type { Question } from '../../core/observables/observable.ts';
import type { Place } from './place.ts';
import { toPlace, toSentPath } from './place.ts';
import type { SnapshotEntry } from './snapshot-file.ts';

/** Entries with a common key. Dates are `YYYY-MM-DD`, '' if unknown. */
export interface Match {
  /** The entry with the latest date; of several, the first in the list. */
  newest: SnapshotEntry;
  firstDate: string;
  count: number;
}

/** The entries that answer a question. */
export interface Found {
  readonly match: Match;
  readonly by: 'url' | 'host' | 'address';
  /** The most exact of the matching entries. */
  readonly shown: Match;
}

/** A question with its place; for an `ip` the host is the address. */
export type Target = Pick<Question, 'type'> & Place;

/** Reads the place of a question. */
export function toTarget({ type, key }: Question): Target {
  if (type === 'ip') return { type, host: key, port: '', path: '' };
  const { host, port, path } = toPlace(key);
  return { type, host, port, path };
}

/** Finds entries of a list. */
export interface EntryIndex {
  /** The entries that match: an `ip` by host or resolved address, a `domain` and a `url` without a path by host, any other `url` by its place. */
  find(target: Target): Found | null;
  /** The entries with the host of a `url` or `domain`, with or without `www.`. */
  findOnHost(target: Target): Match | null;
  /** If the host of a URL is an address, the entries with that host or resolved address. */
  findOnAddress(target: Target): Match | null;
}

type Matches = Map<string, Match>;

const WWW = 'www.';

/** Ports are part of a key: `host` without one, `host:port` with one. */
interface Tables {
  /** All entries on a host. The key `host` has those on any port. */
  readonly byHost: Matches;
  /** The entries on hosts that begin with `www.`, by the rest of the host. */
  readonly byBareHost: Matches;
  /** Entries that have a path, by `host:port/path?query`, where the port may be ''. */
  readonly byUrl: Matches;
  /** Entries of host lists, by `host`, or by `host:port` if the list names a port. */
  readonly covering: Matches;
  /** Entries by their host if it is an address, and by their resolved address. */
  readonly byAddress: Matches;
}

/** Indexes entries. Private addresses of entries are never matched. */
export function createEntryIndex(entries: Iterable<SnapshotEntry>): EntryIndex {
  const tables: Tables = {
    byHost: new Map(),
    byBareHost: new Map(),
    byUrl: new Map(),
    covering: new Map(),
    byAddress: new Map(),
  };
  for (const entry of entries) addEntry(tables, entry);
  return {
    find: (target) => (target.type === 'ip' ? findAddress(tables, target) : findPlace(tables, target)),
    findOnHost({ type, host }) {
      if (type === 'ip') return null;
      const other = host.startsWith(WWW) ? tables.byHost.get(host.slice(WWW.length)) : tables.byBareHost.get(host);
      const match = merge(tables.byHost.get(host), other);
      return match && !isPrivateHost(host) ? match : null;
    },
    findOnAddress: ({ type, host }) => (type === 'ip' ? null : findMatchOfAddress(tables, host)),
  };
}

function addEntry({ byHost, byBareHost, byUrl, covering, byAddress }: Tables, entry: SnapshotEntry): void {
  const ip = entry.ip.trim();
  if (ip !== '') add(byAddress, ip, entry);
  const { host, port, path } = toPlace(entry.url);
  if (host === '') return;
  if (host !== ip && isIpv4(host)) add(byAddress, host, entry);
  add(byHost, host, entry);
  if (host.startsWith(WWW)) add(byBareHost, host.slice(WWW.length), entry);
  if (port !== '') add(byHost, `${host}:${port}`, entry);
  if (entry.covers === 'host') add(covering, toHostKey(host, port), entry);
  else if (path !== '') addPath(byUrl, `${host}:${port}`, path, entry);
}

function addPath(byUrl: Matches, place: string, path: string, entry: SnapshotEntry): void {
  add(byUrl, place + path, entry);
  const sent = toSentPath(path);
  if (sent !== path) add(byUrl, place + sent, entry);
}

function add(matches: Matches, key: string, entry: SnapshotEntry): void {
  const match = matches.get(key);
  if (!match) {
    matches.set(key, { newest: entry, firstDate: entry.date, count: 1 });
    return;
  }
  if (entry.date > match.newest.date) match.newest = entry;
  match.firstDate = toEarlier(match.firstDate, entry.date);
  match.count += 1;
}

/** The earlier of two dates; '' is unknown. */
function toEarlier(one: string, other: string): string {
  if (one === '' || other === '') return one + other;
  return one < other ? one : other;
}

function toHostKey(host: string, port: string): string {
  return port === '' ? host : `${host}:${port}`;
}

function findAddress(tables: Tables, { host }: Target): Found | null {
  const match = findMatchOfAddress(tables, host);
  return match && { match, by: 'address', shown: match };
}

function findMatchOfAddress({ byAddress }: Tables, address: string): Match | null {
  const match = byAddress.get(address);
  // Checked here rather than for each entry, for quick loading.
  return match && isIpv4(address) && !isPrivateIpv4(address) ? match : null;
}

function findPlace({ byHost, byUrl, covering }: Tables, { host, port, path }: Target): Found | null {
  // Nearly all lookups end here.
  if (!byHost.has(host)) return null;
  const exact = path === '' ? byHost.get(toHostKey(host, port)) : byUrl.get(`${host}:${port}${path}`);
  // An entry of a host list without a port covers all ports.
  const match = merge(merge(exact, covering.get(host)), port === '' ? undefined : covering.get(`${host}:${port}`));
  return match ? { match, by: exact && path !== '' ? 'url' : 'host', shown: exact ?? match } : null;
}

/** Combines two matches. If their newest entries have the same date, `first` wins: it matches more exactly. */
function merge(first: Match | undefined, second: Match | undefined): Match | undefined {
  if (!first || !second) return first ?? second;
  return {
    newest: second.newest.date > first.newest.date ? second.newest : first.newest,
    firstDate: toEarlier(first.firstDate, second.firstDate),
    count: first.count + second.count,
  };
}
