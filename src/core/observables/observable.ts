import type { Exclusions } from './exclusions.ts';
import { parseAuthority, isIpv4, isPrivateHost, isPrivateIpv4, normaliseHost } from './host.ts';

/** An observable as in CTIM. `value` is as given; canonical observables have a lower-case `type`. */
export interface Observable {
  readonly type: string;
  readonly value: string;
}

/** A service that rewrites the links of mails. */
export type LinkWrapper = 'safelinks' | 'urldefense';

/** A record that names an observable. */
export interface SeenPlace {
  /** The file's name, or `stdin`. */
  readonly file: string;
  /** The number of its first line, from 1. */
  readonly line: number;
  /** The record's own time, as written; seconds since 1970 are converted to ISO 8601. */
  readonly time?: string;
}

/** Where the input names an observable. */
export interface Seen {
  readonly first: SeenPlace;
  /** The number of occurrences and the last one; only if the whole input was read before the first lookup. */
  readonly count?: number;
  readonly last?: SeenPlace;
}

/** An observable of the input. */
export interface Finding extends Observable {
  /** The link wrapper that it was extracted from. */
  readonly derived?: LinkWrapper;
  /** Absent for typed input, documents, mail and flags. */
  readonly seen?: Seen;
}

/** Types that can be looked up. `ip` is IPv4 only, since the tracker has no IPv6 addresses; only a snapshot answers `domain`. */
export type SupportedType = 'ip' | 'url' | 'domain';

/** A lookup: `key` is the lookup key of an observable of this type. */
export interface Question {
  readonly type: SupportedType;
  readonly key: string;
}

/** Why an observable is not looked up. Only `private` and `credentials` can be overridden. */
export type SkipReason = 'private' | 'credentials' | 'excluded' | 'invalid' | 'unsupported';

/**
 * The decision on an observable: look up, skip, or skip unless `--include-private` is given (`private`, `credentials`). `detail` is the
 * reason for people.
 */
export type Triage =
  | { readonly question: Question; readonly skip: null }
  | { readonly question: Question; readonly skip: 'private' | 'credentials'; readonly detail: string }
  | { readonly question: null; readonly skip: 'excluded' | 'invalid' | 'unsupported'; readonly detail: string };

/** Rules of the decision. */
export interface TriageRules {
  /** Whether the tracker answers `domain`. Default false. */
  readonly asksDomains?: boolean;
  /** Never looked up. Default none. */
  readonly exclusions?: Exclusions | undefined;
}

/** Whether a canonical type means a domain: `domain`, or CTIM's `hostname`. */
export function isDomainType(type: string): boolean {
  return type === 'domain' || type === 'hostname';
}

/** Lower-cases the type; the value stays byte for byte. */
export function toCanonical({ type, value, derived, seen }: Finding): Finding {
  const canonicalType = type.toLowerCase();
  if (derived !== undefined) return { type: canonicalType, value, derived, ...(seen && { seen }) };
  return seen ? { type: canonicalType, value, seen } : { type: canonicalType, value };
}

const CONTROL_CHARACTER = /\p{Cc}/u;

/** Decides whether a canonical observable is looked up, and by which key. */
export function triage({ type, value }: Observable, { asksDomains = false, exclusions }: TriageRules = {}): Triage {
  if (type !== 'ip' && type !== 'url' && !(isDomainType(type) && asksDomains)) {
    const supported = asksDomains ? 'only ip, url and domain are supported' : 'only ip and url are supported';
    return { question: null, skip: 'unsupported', detail: isDomainType(type) ? 'domains need a list' : supported };
  }
  if (CONTROL_CHARACTER.test(value)) return invalid('the value contains a control character');
  if (!value.isWellFormed()) return invalid('the value contains an unpaired surrogate');
  const trimmed = value.trim();
  if (type === 'ip') return triageIp(trimmed, exclusions);
  return type === 'url' ? triageUrl(trimmed, exclusions) : triageDomain(trimmed, exclusions);
}

function triageIp(key: string, exclusions: Exclusions | undefined): Triage {
  if (!isIpv4(key)) return invalid('not an IPv4 address');
  const excluded = exclusions?.find(key);
  if (excluded !== undefined) return toExcluded(excluded);
  const question = { type: 'ip', key } as const;
  return isPrivateIpv4(key) ? { question, skip: 'private', detail: 'the address is private' } : { question, skip: null };
}

// One leading scheme only: the tracker's entries have none, but a URL may have another URL in its query.
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** The text without one leading `scheme://`. */
export function toSchemeless(url: string): string {
  return url.replace(SCHEME, '');
}

function triageUrl(trimmed: string, exclusions: Exclusions | undefined): Triage {
  const key = toSchemeless(trimmed);
  const { host, port, hasUserInfo, rest } = parseAuthority(key);
  if (host === '') return invalid('the URL has no host');
  if (HALF_A_SCHEME.test(trimmed) || rest.startsWith('\\')) return invalid('URL parsers disagree about the host');
  // An invalid host may hide a private address: `10[.]0[.]0[.]8`.
  const normalHost = normaliseHost(host);
  if (normalHost === null) return invalid('the host is invalid');
  if (port !== '' && !/^\d+$/.test(port)) return invalid('the port is not a number');
  // After removal of one scheme, `a.example://b.example` would be another URL.
  if (rest.startsWith('//') && host.includes('.') && key.endsWith(`:${rest}`)) return invalid('the port is empty');
  const question = { type: 'url', key } as const;
  const hosts = [normalHost, ...toHostsBehindAt(key)];
  const excluded = exclusions && hosts.map((named) => exclusions.find(named)).find((line) => line !== undefined);
  if (excluded !== undefined) return toExcluded(excluded);
  if (hasUserInfo) return { question, skip: 'credentials', detail: 'the URL contains a user or password' };
  if (hosts.some(isPrivateHost)) return { question, skip: 'private', detail: 'the host is private or internal' };
  return { question, skip: null };
}

// WHATWG URL reads this as a scheme even without slashes, RFC 3986 as a name. WHATWG also reads a backslash as a slash.
const HALF_A_SCHEME = /^(?:https?|ftp|wss?|file):(?!\/\/)/i;

const HOST_IN_TEXT = /\[[0-9a-f:.]+\]|[\p{L}\p{M}\p{N}._%-]+/iu;
const AT = /[@\uFE6B\uFF20]/;
// Longer than any authority. Of a longer text, only what follows the last `@` counts.
const MAX_FRONT_LENGTH = 4_096;

/** The hosts that naive parsers find after an `@` that precedes the first slash, even after `?` or `#`. */
function toHostsBehindAt(schemeless: string): string[] {
  if (!AT.test(schemeless)) return [];
  const [front = ''] = schemeless.split('/', 1);
  const behind = front.split(AT).slice(1);
  return (front.length > MAX_FRONT_LENGTH ? behind.slice(-1) : behind)
    .map((text) => normaliseHost(parseAuthority(text).host) ?? normaliseHost(HOST_IN_TEXT.exec(text)?.[0] ?? ''))
    .filter((host) => host !== null);
}

function triageDomain(key: string, exclusions: Exclusions | undefined): Triage {
  const { host, port, hasUserInfo, rest } = parseAuthority(key);
  const normalHost = port === '' && rest === '' && !hasUserInfo ? normaliseHost(host) : null;
  if (normalHost === null || isIpv4(normalHost) || normalHost.startsWith('[')) return invalid('not a domain name');
  const excluded = exclusions?.find(normalHost);
  if (excluded !== undefined) return toExcluded(excluded);
  // Only a list answers domains: nothing is sent.
  return { question: { type: 'domain', key }, skip: null };
}

function invalid(detail: string): Triage {
  return { question: null, skip: 'invalid', detail };
}

function toExcluded(line: string): Triage {
  return { question: null, skip: 'excluded', detail: `matches ${line}` };
}
