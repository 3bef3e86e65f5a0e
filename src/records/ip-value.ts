import { isIpv4, isIpv6 } from '../core/observables/host.ts';
import type { Reading } from './format.ts';

/** Adds an address as `ip` or `ipv6`, literal; passes over a network range. A range of one address is that address. */
export function addAddress(value: string, reading: Reading): void {
  const slash = value.indexOf('/');
  const address = slash === -1 ? value : value.slice(0, slash).trim();
  const isLong = isIpv6(address.trim());
  if (slash === -1) {
    reading.add({ type: isLong ? 'ipv6' : 'ip', value });
    return;
  }
  const prefix = value.slice(slash + 1).trim();
  if ((!isLong && !isIpv4(address)) || !/^[\d.]+$/.test(prefix)) reading.add({ type: 'ip', value });
  else if (prefix === (isLong ? '128' : '32')) reading.add({ type: isLong ? 'ipv6' : 'ip', value: address });
  else reading.passOver('range', value);
}
