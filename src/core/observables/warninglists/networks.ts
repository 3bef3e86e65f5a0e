import ipaddr from 'ipaddr.js';
import { parseAddressRange } from '../address-ranges.ts';
import { isIpv4, toIpv4Number } from '../host.ts';

/** Values by network. Search time hardly grows with their number. */
export interface NetworkIndex<Value> {
  /** Changes the value of an address or range. Returns false for any other text. */
  set(entry: string, change: (before: Value | undefined) => Value): boolean;
  /** Passes the values of all networks that contain an address, strict IPv4 or IPv6 in brackets. */
  find(address: string, report: (value: Value) => void): void;
}

/** An empty index. An IPv6 address that maps an IPv4 address counts as that address. */
export function createNetworkIndex<Value>(): NetworkIndex<Value> {
  // Keyed by prefix length. IPv4 keys are numbers: strings are ten times slower.
  const ipv4 = new Map<number, Map<number, Value>>();
  const ipv6 = new Map<number, Map<string, Value>>();
  const findIpv4 = (address: number, report: (value: Value) => void) => {
    for (const [length, values] of ipv4) reportFound(values.get(toIpv4Prefix(address, length)), report);
  };
  return {
    set(entry, change) {
      const range = parseAddressRange(entry);
      if (!range) return false;
      const [network, length] = range;
      const mapped = toMapped(network);
      const ipv4Length = network instanceof ipaddr.IPv4 ? length : length - 96;
      if (mapped === null || ipv4Length < 0) update(ipv6, length, toBits(network).slice(0, length), change);
      else update(ipv4, ipv4Length, toIpv4Prefix(toIpv4Number(mapped), ipv4Length), change);
      return true;
    },
    find(address, report) {
      const parsed = isIpv4(address) ? null : ipaddr.IPv6.parse(address.slice(1, -1));
      const mapped = parsed ? toMapped(parsed) : address;
      if (mapped !== null) findIpv4(toIpv4Number(mapped), report);
      if (!parsed) return;
      const bits = toBits(parsed);
      for (const [length, values] of ipv6) reportFound(values.get(bits.slice(0, length)), report);
    },
  };
}

function update<Key, Value>(
  index: Map<number, Map<Key, Value>>,
  length: number,
  prefix: Key,
  change: (before: Value | undefined) => Value,
): void {
  const values = index.get(length) ?? new Map<Key, Value>();
  index.set(length, values.set(prefix, change(values.get(prefix))));
}

function reportFound<Value>(value: Value | undefined, report: (value: Value) => void): void {
  if (value !== undefined) report(value);
}

/** The first bits of an address, as an integer of 32 bits. */
function toIpv4Prefix(address: number, length: number): number {
  // In JavaScript, a shift by 32 is a shift by 0.
  return length === 0 ? 0 : (address >>> (32 - length)) | 0;
}

/** The IPv4 address that an address is or maps to, or null. */
function toMapped(address: ipaddr.IPv4 | ipaddr.IPv6): string | null {
  if (address instanceof ipaddr.IPv4) return address.toString();
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : null;
}

function toBits(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  return address
    .toByteArray()
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
}
