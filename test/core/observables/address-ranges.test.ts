import { describe, expect, test } from 'vitest';
import { createAddressRanges, parseAddressRange } from '../../../src/core/observables/address-ranges.ts';

describe('ranges of addresses', () => {
  test.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.1.2.3/8', '10.200.0.1', true],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['192.0.2.0/31', '192.0.2.1', true],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '::FFFF:0a01:0203', true],
    ['10.0.0.0/8', '2002:a01:203::', false],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '11.1.2.3', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['::/0', '2001:db8::1', true],
    ['::/0', '192.0.2.1', false],
    ['::/0', '::', true],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['10.0.0.0/8', '', false],
    ['10.0.0.0/8', '10.1', false],
  ])('%s with %s: %s', (range, address, isInside) => {
    expect(createAddressRanges([range]).has(address)).toBe(isInside);
  });

  test('are as many as are given', () => {
    const ranges = createAddressRanges(['192.0.2.0/24', '2001:db8::/32']);
    expect(['192.0.2.9', '2001:db8::9', '198.51.100.9'].map((address) => ranges.has(address))).toEqual([true, true, false]);
    expect(createAddressRanges([]).has('192.0.2.9')).toBe(false);
  });

  test.each([
    '',
    '/',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '010.0.0.0/8',
    '::/129',
    'proxy.example',
    '*',
  ])('are not written as %j', (text) => {
    expect(parseAddressRange(text)).toBeNull();
  });
});
