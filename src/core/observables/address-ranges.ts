import ipaddr from 'ipaddr.js';
import { isIpv4, isIpv6 } from './host.ts';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;
export type AddressRange = readonly [network: Address, bits: number];

/** Ranges of addresses. */
export interface AddressRanges {
  /** Whether an address, as sockets report it, is in one of the ranges. An IPv4-mapped IPv6 address counts as the IPv4 address. */
  has(address: string): boolean;
}

/** Parses an address, or a range such as `192.0.2.0/24`; null for anything else. */
export function parseAddressRange(text: string): AddressRange | null {
  const [address = '', bits, more] = text.replace(/^\[(.*)\]$/, '$1').split('/');
  if (more !== undefined || !isAddress(address)) return null;
  const network = ipaddr.parse(address);
  const most = network instanceof ipaddr.IPv4 ? 32 : 128;
  if (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most)) return null;
  return [network, Number(bits ?? most)];
}

function isAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text) || text === '::';
}

/** Whether a range contains an address. An IPv4 range contains no IPv6 addresses, and vice versa. */
export function isInRange(address: Address, [network, bits]: AddressRange): boolean {
  return network.kind() === address.kind() && address.match(network, bits);
}

/** Creates ranges from texts that `parseAddressRange` accepts; ignores all others. */
export function createAddressRanges(texts: readonly string[]): AddressRanges {
  const ranges = texts.flatMap((text) => {
    const range = parseAddressRange(text);
    return range ? [toUnmapped(range)] : [];
  });
  return {
    has(text) {
      const address = ranges.length === 0 ? null : parseAddress(text);
      return address !== null && ranges.some((range) => isInRange(address, range));
    },
  };
}

const MAPPED_BITS = 96;

/** Converts an IPv4-mapped IPv6 range to IPv4. */
function toUnmapped([network, bits]: AddressRange): AddressRange {
  const isMapped = network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && bits >= MAPPED_BITS;
  return isMapped ? [network.toIPv4Address(), bits - MAPPED_BITS] : [network, bits];
}

/** Parses an address without port or brackets, converting IPv4-mapped IPv6 to IPv4; null for anything else. */
export function parseAddress(text: string): Address | null {
  return isAddress(text) ? ipaddr.process(text) : null;
}
