import { toCctError } from '../../core/errors.ts';
import { parseAuthority, isIpv4, isPrivateIpv4, normaliseHost } from '../../core/host.ts';
import type { Question } from '../../core/observable.ts';
import { toVisible } from '../../core/safe-text.ts';
import type { Listing, ListMatch, Tracker } from '../../core/tracker.ts';
import type { Snapshot, SnapshotEntry } from './snapshot-file.ts';

/** What the entries that answer to one place or address have in common. Dates are `YYYY-MM-DD`, '' where none is known. */
interface Match {
  /** Among entries of one date the first in the list, which is the newest. */
  newest: SnapshotEntry;
  firstDate: string;
  count: number;
  /** Made at the first question, for few are ever asked for; null when it turned out that nothing may match. */
  listing: Listing | null | undefined;
}

type Index = Map<string, Match>;

/** Ports are part of a place: `host` is asked without one, `host:port` with one. */
interface Indexes {
  /** All entries on a host; `host` finds them on any port. */
  readonly byHost: Index;
  /** Entries that have a path, by `host:port/path?query`, where the port may be ''. */
  readonly byUrl: Index;
  /** Entries of host lists, by `host`, or by `host:port` where the list names a port. */
  readonly covering: Index;
  /** Entries by their host where it is an address, and by the address that it resolved to. */
  readonly byAddress: Index;
}

/**
 * A tracker that answers from a snapshot, by the rules of "Snapshot matching": an `ip` by an entry's host or resolved
 * address, a `domain` and a `url` without a path by host, a `url` with a path by host, port, path and query. What is not in the list is
 * `unlisted`, also when it could not be: it is the list that is asked. Entry addresses that are private are never matched.
 * Rejects only when the caller's signal is aborted. `now` gives the moment of an answer.
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
    index.set(key, { newest: entry, firstDate: entry.date, count: 1, listing: undefined });
    return;
  }
  if (entry.date > match.newest.date) match.newest = entry;
  match.firstDate = toEarlier(match.firstDate, entry.date);
  match.count += 1;
}

/** The earlier of two dates, of which '' is unknown. */
function toEarlier(one: string, other: string): string {
  if (one === '' || other === '') return one + other;
  return one < other ? one : other;
}

/** Where a URL without its scheme points to, in one spelling. `path` has the query; '' stands for no path and for `/`. */
function toPlace(schemeless: string): { host: string; port: string; path: string } {
  const { host, port, rest } = parseAuthority(schemeless.trim());
  const fragment = rest.indexOf('#');
  const whole = fragment === -1 ? rest : rest.slice(0, fragment);
  const rooted = whole.startsWith('?') ? `/${whole}` : whole;
  return { host: normaliseHost(host) ?? host, port, path: rooted.endsWith('/') ? rooted.slice(0, -1) : rooted };
}

function toHostKey(host: string, port: string): string {
  return port === '' ? host : `${host}:${port}`;
}

function findAddress({ byAddress }: Indexes, { key }: Question): Listing | null {
  const match = byAddress.get(key);
  if (!match) return null;
  // Judged here and not for each entry of the list: loading stays quick, and no other question could find the entry.
  if (match.listing === undefined)
    match.listing = isIpv4(key) && !isPrivateIpv4(key) ? toListing(match, 'address', toShare(match)) : null;
  return match.listing;
}

function findPlace({ byHost, byUrl, covering }: Indexes, { key }: Question): Listing | null {
  const { host, port, path } = toPlace(key);
  // Every entry with a host is there, so nearly all questions end here.
  if (!byHost.has(host)) return null;
  const exact = path === '' ? byHost.get(toHostKey(host, port)) : byUrl.get(`${host}:${port}${path}`);
  // An entry of a host list that names no port is about all ports.
  const match = merge(merge(exact, covering.get(host)), port === '' ? undefined : covering.get(`${host}:${port}`));
  if (!match) return null;
  return (match.listing ??= toListing(match, exact && path !== '' ? 'url' : 'host', undefined, exact));
}

/** Both as one; of two newest entries of the same date the one of `first`, which is the more exact. */
function merge(first: Match | undefined, second: Match | undefined): Match | undefined {
  if (!first || !second) return first ?? second;
  return {
    newest: second.newest.date > first.newest.date ? second.newest : first.newest,
    firstDate: toEarlier(first.firstDate, second.firstDate),
    count: first.count + second.count,
    listing: undefined,
  };
}

/** `exact` is the match to show, where others were merged with it. */
function toListing({ newest, firstDate }: Match, by: ListMatch['by'], share?: string, exact?: Match): Listing {
  const family = toVisible(newest.family.trim());
  const said = family === '' ? 'Malicious' : `Malicious: ${family}`;
  return {
    status: 'listed',
    message: share === undefined ? said : `${said} (${share})`,
    family,
    ...(firstDate === '' ? {} : { firstListed: firstDate }),
    matched: toMatched((exact ?? { newest }).newest, by),
  };
}

function toMatched({ url, ip, date }: SnapshotEntry, by: ListMatch['by']): ListMatch {
  const entry = url.trim() === '' ? ip.trim() : url.trim();
  return date === '' ? { by, entry } : { by, entry, date };
}

// An address is often a shared host, so a hit on it says less than a hit on a URL, and the reader should see that.
function toShare({ count, newest }: Match): string {
  const entries = count === 1 ? '1 entry has this address' : `${count} entries share this address`;
  return newest.date === '' ? entries : `${entries}, newest ${newest.date}`;
}
