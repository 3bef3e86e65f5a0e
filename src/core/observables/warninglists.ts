import { toDomain } from './exclusions.ts';
import { isIpv4, isIpv6, normaliseHost, parseAuthority } from './host.ts';
import type { Observable } from './observable.ts';
import { toSchemeless } from './observable.ts';
import { cut } from '../safe-text.ts';
import type { Warninglist } from './warninglists/document.ts';
import { toKind } from './warninglists/document.ts';
import type { NetworkIndex } from './warninglists/networks.ts';
import { createNetworkIndex } from './warninglists/networks.ts';
import type { PatternSet } from './warninglists/patterns.ts';
import { createPatternReader, matchesPattern, MAX_PATTERN_LENGTH } from './warninglists/patterns.ts';
import { createSubstringSearch } from './warninglists/substrings.ts';

/** Lists of values that are frequent false positives. */
export interface Warninglists {
  /** The names of the lists that contain a canonical observable, in the order of the lists. */
  find(observable: Observable): readonly string[];
}

/** The entries of a list that cannot be compared. */
export interface LeftOutEntries {
  readonly list: string;
  readonly count: number;
  /** The first few, each with the reason. */
  readonly named: readonly string[];
}

/** A list without its entries, as an array of one: most keys of an index belong to one list only. */
type One = readonly [{ readonly at: number; readonly name: string; readonly kinds: ReadonlySet<string> | null }];
type Lists = readonly One[0][];

/** One index over all lists, so that the number of lists does not affect the time of a search. */
interface Index {
  /** Whole values, and hosts. */
  readonly values: Map<string, Lists>;
  /** Hosts; a name also matches its subdomains. */
  readonly hosts: Map<string, Lists>;
  readonly networks: NetworkIndex<Lists>;
  /** Lists that are searched one by one, in lower-case text if `isLowerCase`. */
  readonly searches: { readonly lists: One; readonly isLowerCase: boolean; readonly matches: (text: string) => boolean }[];
}

/** Makes lists searchable. `openPatterns` is called for each list of regular expressions. */
export function createWarninglists(
  lists: readonly Warninglist[],
  openPatterns: () => PatternSet,
): { readonly warninglists: Warninglists; readonly leftOut: readonly LeftOutEntries[] } {
  const index: Index = { values: new Map(), hosts: new Map(), networks: createNetworkIndex(), searches: [] };
  const leftOut = lists.map((list, at) => {
    const one: One = [{ at, name: list.name, kinds: list.kinds }];
    return addEntries(list, openReader(index, list.type, one, openPatterns));
  });
  return { warninglists: { find: (observable) => find(index, observable) }, leftOut: leftOut.filter(({ count }) => count > 0) };
}

interface EntryReader {
  /** Returns why an entry is left out; undefined for one that was added. */
  add(entry: string): string | undefined;
  end?(): void;
}

const MAX_NAMED = 5;
const MAX_SHOWN_LENGTH = 100;

function addEntries({ name, entries }: Warninglist, reader: EntryReader): LeftOutEntries {
  const named: string[] = [];
  let count = 0;
  for (const [at, entry] of entries.entries()) {
    const text = typeof entry === 'string' ? entry.trim() : '';
    const reason = text === '' ? 'no text' : reader.add(text);
    if (reason === undefined) continue;
    count += 1;
    if (named.length < MAX_NAMED) named.push(`${text === '' ? `entry ${at + 1}` : cut(text, MAX_SHOWN_LENGTH)} (${reason})`);
  }
  reader.end?.();
  return { list: name, count, named };
}

function openReader(index: Index, type: Warninglist['type'], one: One, openPatterns: () => PatternSet): EntryReader {
  switch (type) {
    case 'string':
      return { add: (entry) => addValue(index, entry, one) };
    case 'hostname':
      return {
        add(entry) {
          const host = toListedHost(entry);
          if (host === null) return 'no host name';
          addTo(index.hosts, host, one);
          return undefined;
        },
      };
    case 'cidr':
      return {
        add: (entry) => (index.networks.set(entry, (before) => join(before, one)) ? undefined : 'no address or range'),
      };
    case 'substring':
      return openSubstrings(index, one);
    case 'regex': {
      const patterns = openPatterns();
      index.searches.push({ lists: one, isLowerCase: false, matches: (text) => matchesPattern(patterns, text) });
      return { add: createPatternReader(patterns) };
    }
  }
}

function addTo(map: Map<string, Lists>, key: string, one: One): void {
  map.set(key, join(map.get(key), one));
}

function join(before: Lists | undefined, one: One): Lists {
  if (before === undefined) return one;
  return before.includes(one[0]) ? before : [...before, one[0]];
}

function addValue({ values }: Index, entry: string, one: One): undefined {
  const host = /^[*.]/.test(entry) ? null : toListedHost(entry);
  if (host !== null) addTo(values, host, one);
  addTo(values, entry, one);
}

function openSubstrings({ searches }: Index, one: One): EntryReader {
  const parts: string[] = [];
  return {
    add(entry) {
      if (entry.length > MAX_PATTERN_LENGTH) return 'too long';
      parts.push(entry.toLowerCase());
      return undefined;
    },
    end: () => void searches.push({ lists: one, isLowerCase: true, matches: createSubstringSearch(parts) }),
  };
}

/** An entry as a host in the form of `toHost`; null if it is not a host. */
function toListedHost(entry: string): string | null {
  return toAddressHost(entry) ?? toDomain(entry);
}

function toAddressHost(text: string): string | null {
  if (isIpv4(text)) return text;
  const bare = text.replace(/^\[(.*)\]$/s, '$1');
  return isIpv6(bare) ? normaliseHost(`[${bare}]`) : null;
}

/** The normalised host that an observable is or contains, or null. */
function toHost(kind: string, value: string): string | null {
  if (kind === 'ip') return toAddressHost(value);
  if (kind === 'domain') return normaliseHost(value);
  return kind === 'url' ? normaliseHost(parseAuthority(toSchemeless(value)).host) : null;
}

const NONE: readonly string[] = [];

function find(index: Index, { type, value: given }: Observable): readonly string[] {
  const kind = toKind(type);
  const value = given.trim();
  const host = toHost(kind, value);
  const found: One[0][] = [];
  const collect = (lists: Lists = []) => {
    for (const list of lists) if ((list.kinds?.has(kind) ?? true) && !found.includes(list)) found.push(list);
  };
  collect(index.values.get(value));
  if (host !== null) {
    collect(index.values.get(host));
    collectHost(index, host, collect);
  }
  let lowerCase: string | undefined;
  for (const { lists, isLowerCase, matches } of index.searches) {
    if (lists[0].kinds?.has(kind) === false) continue;
    if (matches(isLowerCase ? (lowerCase ??= value.toLowerCase()) : value)) collect(lists);
  }
  if (found.length === 0) return NONE;
  return [...new Set(found.sort((one, other) => one.at - other.at).map(({ name }) => name))];
}

function collectHost({ hosts, networks }: Index, host: string, collect: (lists?: Lists) => void): void {
  if (host.startsWith('[') || isIpv4(host)) {
    collect(hosts.get(host));
    networks.find(host, collect);
    return;
  }
  for (let rest = host; ; rest = rest.slice(rest.indexOf('.') + 1)) {
    collect(hosts.get(rest));
    if (!rest.includes('.')) return;
  }
}
