import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { createAddressRanges } from '../../src/core/observables/address-ranges.ts';
import { testProperty } from './cases.ts';

const ipv4 = fc.ipV4();
// Global unicast.
const ipv6 = fc
  .ipV6()
  .map((address) => address.replace(/^[^:]*:(?=[^:])/, '2001:'))
  .filter((address) => address.startsWith('2001:'));

describe('a range of addresses', () => {
  // Mapped addresses are left out: Node's list changed its mind about them.
  testProperty(
    'has the same IPv4 addresses as that of Node',
    [ipv4, fc.nat(32), fc.nat(32), ipv4],
    (network, bits, same, other) => {
      const address = blend(network, other, same);
      const list = new BlockList();
      list.addSubnet(network, bits, 'ipv4');
      expect(createAddressRanges([`${network}/${bits}`]).has(address)).toBe(list.check(address, 'ipv4'));
    },
  );

  testProperty('has its own IPv6 addresses', [ipv6, fc.nat(128)], (network, bits) => {
    expect(createAddressRanges([`${network}/${bits}`]).has(network)).toBe(true);
  });
});

/** An address that begins with the bits of one, and ends with those of another. */
function blend(first: string, second: string, bits: number): string {
  const mask = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0;
  const mixed = ((toNumber(first) & mask) | (toNumber(second) & ~mask)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (mixed >>> shift) & 0xff).join('.');
}

function toNumber(address: string): number {
  return address.split('.').reduce((number, octet) => number * 256 + Number(octet), 0);
}
