import { describe, expect, test } from 'vitest';
import { parseAuthority, isIpv4, normaliseHost } from '../../../src/core/observables/host.ts';

describe('parseAuthority', () => {
  test('splits host, port and rest without rewriting them', () => {
    const table = {
      'panel.example': ['panel.example', '', ''],
      'Panel.EXAMPLE/A': ['Panel.EXAMPLE', '', '/A'],
      'panel.example?a=b:c@d': ['panel.example', '', '?a=b:c@d'],
      'panel.example#f/g': ['panel.example', '', '#f/g'],
      'panel.example\\a': ['panel.example', '', '\\a'],
      'panel.example:8080/a?b#c': ['panel.example', '8080', '/a?b#c'],
      'panel.example:/a': ['panel.example', '', '/a'],
      'panel.example:080': ['panel.example', '080', ''],
      'panel.example:99999/': ['panel.example', '99999', '/'],
      'panel.example:abc': ['panel.example', 'abc', ''],
      'panel.example:80:90/': ['panel.example', '80:90', '/'],
      '192.0.2.1::80/': ['192.0.2.1', ':80', '/'],
      'a:b]:80': ['a', 'b]:80', ''],
      ' panel.example /a': ['panel.example', '', '/a'],
      '[2001:db8::1]': ['[2001:db8::1]', '', ''],
      '[2001:db8::1]:8080/a': ['[2001:db8::1]', '8080', '/a'],
      '2001:db8::1/a': ['[2001:db8::1]', '', '/a'],
      '::ffff:192.0.2.1': ['[::ffff:192.0.2.1]', '', ''],
      '/a': ['', '', '/a'],
      '?a': ['', '', '?a'],
      ':80/': ['', '80', '/'],
      '': ['', '', ''],
    };
    const split = Object.keys(table).map((text) => {
      const { host, port, rest } = parseAuthority(text);
      return [text, [host, port, rest]];
    });
    expect(Object.fromEntries(split)).toEqual(table);
  });

  test('all before the last @ of the authority is user information', () => {
    const table = {
      'user@panel.example': ['panel.example', true],
      'user:secret@panel.example:81/x': ['panel.example', true],
      'a@b@panel.example': ['panel.example', true],
      '@panel.example': ['panel.example', true],
      'a@b': ['b', true],
      'user@[2001:db8::1]:81/': ['[2001:db8::1]', true],
      'user@2001:db8::1': ['[2001:db8::1]', true],
      'panel.example/@x': ['panel.example', false],
      'panel.example?u=a@b': ['panel.example', false],
      'panel.example#a@b': ['panel.example', false],
      'panel.example\\@other.example': ['panel.example', false],
      'panel.example%40x': ['panel.example%40x', false],
    };
    const split = Object.keys(table).map((text) => [text, [parseAuthority(text).host, parseAuthority(text).hasUserInfo]]);
    expect(Object.fromEntries(split)).toEqual(table);
  });
});

describe('isIpv4', () => {
  test('takes the strict dotted form', () => {
    const addresses = ['0.0.0.0', '192.0.2.1', '198.51.100.20', '255.255.255.255'];
    expect(addresses.filter((text) => isIpv4(text))).toEqual(addresses);
  });

  test('takes no other spelling of an address', () => {
    const others = [
      '',
      '1',
      '127.1',
      '192.0.2',
      '192.0.2.',
      '192.0.2.1.',
      '.192.0.2.1',
      '192.0.2.1.5',
      '192.0.2.256',
      '192.0.2.999',
      '192.0.2.1000',
      '192.0.2.01',
      '0192.0.2.1',
      '0x7f.0.0.1',
      '3221225985',
      '192.0.2.1 ',
      '192.0.2.1\n',
      '192.0.2.0/24',
      '192.0.2.1:80',
      '+192.0.2.1',
      '192.0.-2.1',
      '１９２.0.2.1',
      '192。0。2。1',
      '2001:db8::1',
      '::ffff:192.0.2.1',
      '[192.0.2.1]',
      'panel.example',
    ];
    expect(others.filter((text) => isIpv4(text))).toEqual([]);
  });
});

describe('normaliseHost', () => {
  test('writes a host as a URL parser would, without its trailing dot', () => {
    const table = {
      'panel.example': 'panel.example',
      'Panel.EXAMPLE': 'panel.example',
      'panel.example.': 'panel.example',
      'a_b.example': 'a_b.example',
      'bücher.example': 'xn--bcher-kva.example',
      'BÜCHER.example': 'xn--bcher-kva.example',
      'ü.example': 'xn--tda.example',
      'panel.eü': 'panel.xn--e-eha',
      'xn--.example': 'xn--.example',
      'cp.xn--.example': 'cp.xn--.example',
      'xn--bcher-kva.example': 'xn--bcher-kva.example',
      'XN--BCHER-KVA.example': 'xn--bcher-kva.example',
      'panel。example': 'panel.example',
      'ｐａｎｅｌ．example': 'panel.example',
      'pan\u00ADel.example': 'panel.example',
      'p%61nel.example': 'panel.example',
      '192.0.2.1': '192.0.2.1',
      '192.0.2.1.': '192.0.2.1',
      '192。0。2。1': '192.0.2.1',
      '3221225985': '192.0.2.1',
      '0xc0.0x0.0x2.0x1': '192.0.2.1',
      '0300.0.02.01': '192.0.2.1',
      '192.513': '192.0.2.1',
      '[2001:DB8:0::1]': '[2001:db8::1]',
      '[::ffff:192.0.2.1]': '[::ffff:c000:201]',
    };
    expect(Object.fromEntries(Object.keys(table).map((host) => [host, normaliseHost(host)]))).toEqual(table);
  });

  test('is null for a host that no URL parser takes', () => {
    const table = {
      'A b.example': null,
      'Ex%ample.example.': null,
      '256.0.2.1': null,
      '192.0.2.1.5.': null,
      '[192.0.2.1]': null,
      '10[.]0[.]0[.]8': null,
      '10.0.0.8%20': null,
      '[': null,
      '': null,
    };
    expect(Object.fromEntries(Object.keys(table).map((host) => [host, normaliseHost(host)]))).toEqual(table);
  });
});
