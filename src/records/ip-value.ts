import { isIpv4, isIpv6 } from '../core/observables/host.ts';
import type { Reading } from './format.ts';

// Prefix lengths and netmasks of one address.
const SINGLE_IPV4 = new Set(['32', '255.255.255.255']);
const SINGLE_IPV6 = new Set(['128']);

/** Adds an address as `ip` or `ipv6`, literal; passes over a network range. A range of one address is that address. */
export function addAddress(value: string, reading: Reading): void {
  const slash = value.indexOf('/');
  const address = slash === -1 ? value : value.slice(0, slash).trim();
  const isLong = isIpv6(address.trim());
  const type = isLong ? 'ipv6' : 'ip';
  if (slash === -1) {
    reading.add({ type, value });
    return;
  }
  const mask = value.slice(slash + 1).trim();
  if ((!isLong && !isIpv4(address)) || !/^[\d.]+$/.test(mask)) reading.add({ type: 'ip', value });
  else if ((isLong ? SINGLE_IPV6 : SINGLE_IPV4).has(mask)) reading.add({ type, value: address });
  else reading.passOver('range', value);
}
