import ipaddr from 'ipaddr.js';
import type { Address, AddressRange } from './address-ranges.ts';
import { isInRange, parseAddressRange } from './address-ranges.ts';
import { CctError } from '../errors.ts';
import { isIpv4, normaliseHost, toCarriedIpv4s, toCarriedRange } from './host.ts';

/** Addresses, ranges and domains that are never looked up or reported. */
export interface Exclusions {
  /** The line that excludes a normalised host (a name, an IPv4 address, or an IPv6 address in brackets), or undefined. */
  find(host: string): string | undefined;
}

/**
 * Parses exclusions, one per line: an IPv4 or IPv6 address, a range such as `192.0.2.0/24`, or a domain, which includes its subdomains.
 * `#` starts a comment; a leading `*.` or dot is ignored. Throws `input`, with `name` and the line number.
 */
export function parseExclusions(text: string, name: string): Exclusions {
  const domains = new Map<string, string>();
  const ranges: { readonly range: AddressRange; readonly line: string }[] = [];
  for (const [at, given] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = given.replace(/#.*$/, '').trim();
    if (line === '') continue;
    const range = toRanges(line);
    const domain = range ? null : toDomain(line);
    if (range) ranges.push(...range.map((one) => ({ range: one, line })));
    else if (domain !== null) domains.set(domain, line);
    else throw new CctError('input', `${name}:${at + 1}: expected an address, a range such as 192.0.2.0/24, or a domain`);
  }
  return {
    find: (host) => {
      const bare = host.startsWith('[') ? host.slice(1, -1) : host;
      if (isIpv4(bare)) return findRange(ranges, ipaddr.IPv4.parse(bare));
      return ipaddr.IPv6.isValid(bare) ? findRange(ranges, ipaddr.IPv6.parse(bare)) : findDomain(domains, host);
    },
  };
}

function findRange(
  ranges: readonly { readonly range: AddressRange; readonly line: string }[],
  address: Address,
): string | undefined {
  const found = ranges.find(({ range }) => isInRange(address, range));
  if (found || address instanceof ipaddr.IPv4) return found?.line;
  return toCarriedIpv4s(address)
    .map((carried) => findRange(ranges, ipaddr.IPv4.parse(carried)))
    .find((line) => line !== undefined);
}

function findDomain(domains: ReadonlyMap<string, string>, host: string): string | undefined {
  for (let rest = host; ; rest = rest.slice(rest.indexOf('.') + 1)) {
    const line = domains.get(rest);
    if (line !== undefined || !rest.includes('.')) return line;
  }
}

/** The range of a line, and the IPv4 range that it carries; null if the line is not a range. */
function toRanges(line: string): AddressRange[] | null {
  const range = parseAddressRange(line);
  if (!range) return null;
  const [network, bits] = range;
  const carried = network instanceof ipaddr.IPv6 ? toCarriedRange(network, bits) : null;
  return carried ? [range, carried] : [range];
}

const NAME = /^[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*\.?$/u;
// A mistyped address or range must not pass as a name.
const LIKE_ADDRESS = /^\d+(?:\.\d+)*\.?$|^\d+\.\d+\.\d+\.[^.]*$/;

/** Normalises a domain, dropping a leading `*.` or dot; null for anything else. */
export function toDomain(line: string): string | null {
  const bare = line.replace(/^\*?\./, '');
  return NAME.test(bare) && !LIKE_ADDRESS.test(bare) ? normaliseHost(bare) : null;
}
