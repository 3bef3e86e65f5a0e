import { describe, expect, test } from 'vitest';
import { hostOf, isPrivateHost, isIpv4, normaliseHost } from '../../src/core/host.ts';

describe('hostOf', () => {
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
      const { host, port, rest } = hostOf(text);
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
    const split = Object.keys(table).map((text) => [text, [hostOf(text).host, hostOf(text).hasUserInfo]]);
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

/** Those of the hosts that are judged private. */
function privateOf(hosts: readonly string[]): string[] {
  return hosts.filter((host) => isPrivateHost(normaliseHost(host) ?? '[refused]'));
}

describe('isPrivateHost', () => {
  test('holds the first and the last address of each private IPv4 range', () => {
    const edges = [
      ['0.0.0.0', '0.255.255.255'],
      ['10.0.0.0', '10.255.255.255'],
      ['100.64.0.0', '100.127.255.255'],
      ['127.0.0.0', '127.255.255.255'],
      ['169.254.0.0', '169.254.255.255'],
      ['172.16.0.0', '172.31.255.255'],
      ['192.168.0.0', '192.168.255.255'],
      ['224.0.0.0', '239.255.255.255'],
      ['240.0.0.0', '255.255.255.255'],
    ].flat();
    expect(privateOf(edges)).toEqual(edges);
  });

  test('leaves out the addresses next to each private IPv4 range', () => {
    const neighbours = [
      '1.0.0.0',
      ['9.255.255.255', '11.0.0.0'],
      ['100.63.255.255', '100.128.0.0'],
      ['126.255.255.255', '128.0.0.0'],
      ['169.253.255.255', '169.255.0.0'],
      ['172.15.255.255', '172.32.0.0'],
      ['192.167.255.255', '192.169.0.0'],
      '223.255.255.255',
    ].flat();
    expect(privateOf(neighbours)).toEqual([]);
  });

  test('leaves out the documentation ranges and names', () => {
    const asked = ['192.0.2.0', '198.51.100.255', '203.0.113.7', '[2001:db8::]', '[2001:db8:ffff:ffff::1]'];
    expect(privateOf([...asked, 'panel.example', 'example.com', 'panel.test', 'panel.invalid'])).toEqual([]);
  });

  test('holds the first and the last address of each private IPv6 range', () => {
    const edges = [
      ['[::]', '[::1]'],
      ['[fc00::]', '[fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]'],
      ['[fe80::]', '[febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff]'],
      ['[fec0::]', '[feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]'],
      ['[ff00::]', '[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]'],
    ].flat();
    expect(privateOf(edges)).toEqual(edges);
  });

  test('leaves out the addresses next to each private IPv6 range', () => {
    const last = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff';
    expect(privateOf([`[fbff:${last}]`, '[fe00::]', `[fe7f:${last}]`, '[2001:db8::1]'])).toEqual([]);
  });

  test('judges an IPv4 address in IPv6 clothes by the IPv4 address', () => {
    const inside = ['[::ffff:10.0.0.8]', '[::FFFF:a00:8]', '[0:0:0:0:0:ffff:7f00:1]', '[::10.0.0.8]', '[64:ff9b::192.168.0.1]'];
    const outside = ['[::ffff:192.0.2.1]', '[::ffff:c000:201]', '[::192.0.2.1]', '[64:ff9b::192.0.2.1]'];
    expect(privateOf([...inside, ...outside])).toEqual(inside);
  });

  test('sees through odd spellings of a private address', () => {
    const spellings = [
      ['2130706433', '127.1', '0x7f.1', '017700000001', '0', '10.8', '0xA.0.0.8', '012.0.0.010'],
      ['10。0。0。8', '１０.0.0.8', '10．0．0．8', '①0.0.0.8'],
      ['%31%30.0.0.8', '10%2E0.0.8', '10.0.0.8.', '10.0.0.8\u200B', '[fe80::1%25eth0]', '[FE80::0:1]'],
    ].flat();
    expect(privateOf(spellings)).toEqual(spellings);
  });

  test('holds localhost, single labels and the names kept for internal use', () => {
    const names = [
      ['localhost', 'LOCALHOST', 'localhost.', 'a.localhost', 'a.b.localhost.', 'loc%61lhost', 'ｌocalhost', 'loc\u00ADalhost'],
      ['intranet', 'wiki', 'bücher', 'a_b', 'xn--a', '-'],
      [
        'printer.local',
        'a.internal',
        'a.lan',
        'wiki.corp',
        'wiki.CORP.',
        'wiki。corp',
        'a.intranet',
        'home.arpa',
        'nas.home.arpa',
      ],
      ['a b.corp', 'ex%ample.lan'],
    ].flat();
    expect(privateOf(names)).toEqual(names);
  });

  test('leaves out names that only look internal', () => {
    const names = [
      ['localhost.example', 'notlocalhost.example', 'local.example', 'a.localdomain', 'mylocal.example', 'a.notlocal', 'a.xlan'],
      ['corp.example', 'homearpa.example', 'a.arpa', 'xhome.arpa', '10.0.0.8.example', 'bücher.example', 'xn--bcher-kva.example'],
    ].flat();
    expect(privateOf(names)).toEqual([]);
  });
});
