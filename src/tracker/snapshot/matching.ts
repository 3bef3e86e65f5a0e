import { toCctError } from '../../core/errors.ts';
import { parseAuthority, isIpv4, isPrivateIpv4, normaliseHost } from '../../core/host.ts';
import type { Question } from '../../core/observable.ts';
import { toVisible } from '../../core/safe-text.ts';
import type { Listing, ListMatch, Tracker } from '../../core/tracker.ts';
import type { Snapshot, SnapshotEntry } from './snapshot-file.ts';

/** The entries of one place or address. Dates are `YYYY-MM-DD`, '' where unknown. */
interface Match {
  /** The first in the list among those of the latest date. */
  newest: SnapshotEntry;
  firstDate: string;
  count: number;
}

type Index = Map<string, Match>;

/** Ports are part of a key: `host` without one, `host:port` with one. */
interface Indexes {
  /** All entries on a host; `host` has those on any port. */
  readonly byHost: Index;
  /** Entries that have a path, by `host:port/path?query`, where the port may be ''. */
  readonly byUrl: Index;
  /** Entries of host lists, by `host`, or by `host:port` where the list names a port. */
  readonly covering: Index;
  /** Entries by their host where it is an address, and by the address that it resolved to. */
  readonly byAddress: Index;
}

/**
 * A tracker that answers from a snapshot: an `ip` by an entry's host or resolved address, a `domain` and a `url` without a path by host, any
 * other `url` by host, port, path and query. Private addresses of entries are never matched. Rejects only when the signal is aborted.
 */
export function createSnapshotTracker(snapshot: Snapshot, { now }: { readonly now: () => Date }): Tracker {
  const indexes = toIndexes(snapshot.entries);
  return {
    identify: ({ type, key }) => `${type} ${key}`,
    lookup(question, { signal }) {
      if (signal.aborted) return Promise.reject(toCctError(signal.reason));
      const listing = question.type === 'ip' ? findAddress(indexes, question) : findPlace(indexes, question);
      const answeredAt = now();
      if (!listing) return { status: 'unlisted', source: 'snapshot', answeredAt };
      return { ...listing, source: 'snapshot', answeredAt };
    },
    ping: ({ signal }) => (signal.aborted ? Promise.reject(toCctError(signal.reason)) : Promise.resolve()),
    close: () => undefined,
  };
}

function toIndexes(entries: readonly SnapshotEntry[]): Indexes {
  const indexes = { byHost: new Map(), byUrl: new Map(), covering: new Map(), byAddress: new Map() };
  for (const entry of entries) addEntry(indexes, entry);
  return indexes;
}

function addEntry({ byHost, byUrl, covering, byAddress }: Indexes, entry: SnapshotEntry): void {
  const ip = entry.ip.trim();
  if (ip !== '') add(byAddress, ip, entry);
  const { host, port, path } = toPlace(entry.url);
  if (host === '') return;
  if (host !== ip && isIpv4(host)) add(byAddress, host, entry);
  add(byHost, host, entry);
  if (port !== '') add(byHost, `${host}:${port}`, entry);
  if (entry.covers === 'host') add(covering, toHostKey(host, port), entry);
  else if (path !== '') add(byUrl, `${host}:${port}${path}`, entry);
}

function add(index: Index, key: string, entry: SnapshotEntry): void {
  const match = index.get(key);
  if (!match) {
    index.set(key, { newest: entry, firstDate: entry.date, count: 1 });
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

/** A URL without its scheme, normalised. `path` includes the query, and no slash at the end of the path itself. */
function toPlace(schemeless: string): { host: string; port: string; path: string } {
  const { host, port, rest } = parseAuthority(schemeless.trim());
  const fragment = rest.indexOf('#');
  const whole = fragment === -1 ? rest : rest.slice(0, fragment);
  return { host: normaliseHost(host) ?? host, port, path: whole.replace(/^([^?]*)\/(?=\?|$)/, '$1') };
}

function toHostKey(host: string, port: string): string {
  return port === '' ? host : `${host}:${port}`;
}

function findAddress({ byAddress }: Indexes, { key }: Question): Listing | null {
  const match = byAddress.get(key);
  // Checked here rather than for each entry, so that loading is quick.
  if (!match || !isIpv4(key) || isPrivateIpv4(key)) return null;
  return toListing(match, { by: 'address', share: toShare(match) });
}

function findPlace({ byHost, byUrl, covering }: Indexes, { key }: Question): Listing | null {
  const { host, port, path } = toPlace(key);
  // Nearly all lookups end here.
  if (!byHost.has(host)) return null;
  const exact = path === '' ? byHost.get(toHostKey(host, port)) : byUrl.get(`${host}:${port}${path}`);
  // An entry of a host list without a port covers all ports.
  const match = merge(merge(exact, covering.get(host)), port === '' ? undefined : covering.get(`${host}:${port}`));
  return match ? toListing(match, { by: exact && path !== '' ? 'url' : 'host', shown: exact }) : null;
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

interface Evidence {
  readonly by: ListMatch['by'];
  /** Appended to the message. */
  readonly share?: string;
  /** The match whose entry is shown, where others were merged with it. */
  readonly shown?: Match | undefined;
}

function toListing(match: Match, { by, share, shown = match }: Evidence): Listing {
  const { newest, firstDate } = match;
  const family = toVisible(newest.family.trim());
  const said = family === '' ? 'Malicious' : `Malicious: ${family}`;
  return {
    status: 'listed',
    message: share === undefined ? said : `${said} (${share})`,
    family,
    ...(firstDate === '' ? {} : { firstListed: firstDate }),
    matched: toMatched(shown.newest, by),
  };
}

function toMatched({ url, ip, date }: SnapshotEntry, by: ListMatch['by']): ListMatch {
  const entry = url.trim() === '' ? ip.trim() : url.trim();
  return date === '' ? { by, entry } : { by, entry, date };
}

// Many sites can share an address, so a hit on it is weaker than one on a URL.
function toShare({ count, newest }: Match): string {
  const entries = count === 1 ? '1 entry has this address' : `${count} entries share this address`;
  return newest.date === '' ? entries : `${entries}, newest ${newest.date}`;
}
