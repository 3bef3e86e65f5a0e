import { hostOf, isPrivateHost, isPrivateIpv4, normaliseHost, toIpv4 } from './host.ts';

/** An observable as CTIM has it. Here `type` is lower case and `value` exactly as it was given. */
export interface Observable {
  readonly type: string;
  readonly value: string;
}

/** The types that the tracker can be asked about. `ip` is IPv4 only: the tracker knows no IPv6 address. */
export type SupportedType = 'ip' | 'url';

/** What a tracker is asked: `key` is the lookup key of an observable of this type. */
export interface Question {
  readonly type: SupportedType;
  readonly key: string;
}

/** Why an observable is not asked. `private` and `credentials` can be overruled, the other two cannot. */
export type SkipReason = 'private' | 'credentials' | 'invalid' | 'unsupported';

/**
 * What is to be done with an observable. `question` is null where there is nothing to ask; with a question and a skip,
 * the observable should not leave the house (see `--include-private`). `detail` says why it is skipped, for people.
 */
export type Triage =
  | { readonly question: Question; readonly skip: null }
  | { readonly question: Question; readonly skip: 'private' | 'credentials'; readonly detail: string }
  | { readonly question: null; readonly skip: 'invalid' | 'unsupported'; readonly detail: string };

/** Lower-cases the type; the value stays byte for byte. */
export function toCanonical(observable: Observable): Observable {
  return { type: observable.type.toLowerCase(), value: observable.value };
}

/** Equal for two canonical observables exactly when these are the same: the length says where the type ends. */
export function identityOf({ type, value }: Observable): string {
  return `${type.length}:${type}${value}`;
}

const CONTROL_CHARACTER = /\p{Cc}/u;

/** Decides whether a canonical observable is asked, by which lookup key, or why not. */
export function triage(observable: Observable): Triage {
  if (observable.type !== 'ip' && observable.type !== 'url') {
    return { question: null, skip: 'unsupported', detail: 'only ip and url are supported' };
  }
  if (CONTROL_CHARACTER.test(observable.value)) return invalid('the value holds a control character');
  if (!observable.value.isWellFormed()) return invalid('the value holds half a surrogate pair');
  return observable.type === 'ip' ? triageIp(observable.value.trim()) : triageUrl(observable.value.trim());
}

function triageIp(key: string): Triage {
  const address = toIpv4(key);
  if (address === null) return invalid('not an IPv4 address');
  const question = { type: 'ip', key } as const;
  return isPrivateIpv4(address) ? { question, skip: 'private', detail: 'a private address' } : { question, skip: null };
}

// Only ONE leading scheme is cut: the tracker's entries have none, but a URL may carry another URL in its query.
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

/** The text without one leading `scheme://`. */
export function toSchemeless(url: string): string {
  return url.replace(SCHEME, '');
}

function triageUrl(trimmed: string): Triage {
  const key = toSchemeless(trimmed);
  const { host, hasUserInfo } = hostOf(key);
  if (host === '') return invalid('a URL without a host');
  // What no URL parser takes for a host is no URL, and may hide an address of the house: `10[.]0[.]0[.]8`.
  const normalHost = normaliseHost(host);
  if (normalHost === null) return invalid('the host is not one that a URL can have');
  const question = { type: 'url', key } as const;
  if (hasUserInfo) return { question, skip: 'credentials', detail: 'the URL carries a user or password' };
  if (isPrivateHost(normalHost)) return { question, skip: 'private', detail: 'a private or internal host' };
  return { question, skip: null };
}

function invalid(detail: string): Triage {
  return { question: null, skip: 'invalid', detail };
}
