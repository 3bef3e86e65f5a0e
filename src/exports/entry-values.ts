import { isIpv4, isPrivateIpv4, parseAuthority } from '../core/observables/host.ts';
import type { ListEntry } from '../core/lookups/list-entry.ts';
import { isPublicSuffix } from '../text/public-suffix.ts';
import type { Selection } from './selection.ts';

/** The value of an entry in a format, or the reason why it has none. */
export type Reading = { readonly value: string } | { readonly reason: string };

// RFC 952, 1123 and 1035: letters, digits and hyphens, at most 63 in a label, no hyphen at either end. The last label is not a number.
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const NAME = new RegExp(`^(?:${LABEL}\\.)+(?!\\d+$)${LABEL}$`);
const MAX_NAME_LENGTH = 253;

/** Reads the host of an entry as a plain DNS name, which is safe in every format. */
export function readName({ host }: ListEntry): Reading {
  if (host === '') return { reason: 'only an address is known' };
  if (isAddress(host)) return { reason: 'an address, not a name' };
  if (host.length > MAX_NAME_LENGTH || !NAME.test(host)) return { reason: 'not a valid DNS name' };
  return isPublicSuffix(host) ? { reason: 'a public suffix, which unrelated sites share' } : { value: host };
}

/** Reads the address of an entry: its host, or with `isResolved` the address of its host, unless too many entries share it. */
export function readAddress({ host, ip }: ListEntry, { isResolved, maxShared, sharedBy }: Selection): Reading {
  if (isIpv4(host)) return isPrivateIpv4(host) ? { reason: 'private or internal' } : { value: host };
  if (host.startsWith('[')) return { reason: 'an IPv6 address' };
  if (!isResolved) {
    return { reason: `${host === '' ? 'no host' : 'a name'}; use --resolved to export its address` };
  }
  if (!isIpv4(ip) || isPrivateIpv4(ip)) return { reason: 'no usable address known' };
  return sharedBy(ip) <= maxShared ? { value: ip } : { reason: `an address of more than ${maxShared} entries (--max-shared)` };
}

/** Reads an entry as an ASCII `host[:port][/path][?query]`, as clients send it and as lists are matched. */
export function readUrl(entry: ListEntry): Reading {
  const { host, port } = entry;
  const name = isIpv4(host) ? { value: host } : readHost(entry);
  if ('reason' in name) return name;
  if (!/^\d{0,5}$/.test(port) || Number(port) > 65_535) return { reason: 'not a valid URL' };
  const path = readPath(entry);
  return 'reason' in path ? path : { value: `${name.value}${port === '' ? '' : `:${port}`}${path.value}` };
}

/** Reads the path and query of an entry. An empty path stays empty, which blocks the whole host: a slash would block one page. */
function readPath(entry: ListEntry): Reading {
  const reason = whyNoPath(entry);
  if (reason !== undefined) return { reason };
  if (entry.path === '') return { value: '' };
  const [path = '', ...queries] = entry.path.split('?');
  const [listed = ''] = parseAuthority(entry.url).rest.split(/[?#]/, 1);
  const slash = path === '' || listed.endsWith('/') ? '/' : '';
  return { value: [path + slash, ...queries].join('?') };
}

/** Why no format can express the path of an entry; undefined if it can be expressed. */
export function whyNoPath({ url, path }: ListEntry): string | undefined {
  // No client sends these: URL parsers drop some of them.
  if (/\p{Cc}/u.test(parseAuthority(url).rest)) return 'a control character in the path';
  return /^(?:$|[/?])/.test(path) ? undefined : 'not a valid URL';
}

/** Accepts a public suffix only with a path: alone it would mean all names under it. */
function readHost(entry: ListEntry): Reading {
  if (entry.host === '' || isAddress(entry.host) || entry.path === '') return readName(entry);
  return NAME.test(entry.host) && entry.host.length <= MAX_NAME_LENGTH ? { value: entry.host } : readName(entry);
}

function isAddress(host: string): boolean {
  return isIpv4(host) || host.startsWith('[');
}
