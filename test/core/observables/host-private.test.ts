import { describe, expect, test } from 'vitest';
import { isPrivateHost, normaliseHost } from '../../../src/core/observables/host.ts';

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
      ['192.0.0.0', '192.0.0.8', '192.0.0.11', '192.0.0.255'],
      '192.88.99.2',
      ['192.168.0.0', '192.168.255.255'],
      ['198.18.0.0', '198.19.255.255'],
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
      ['191.255.255.255', '192.0.0.9', '192.0.0.10', '192.0.1.0'],
      ['192.88.99.1', '192.88.99.3'],
      ['192.167.255.255', '192.169.0.0'],
      ['198.17.255.255', '198.20.0.0'],
      '223.255.255.255',
    ].flat();
    expect(privateOf(neighbours)).toEqual([]);
  });

  test('leaves out the documentation ranges and names', () => {
    const asked = ['192.0.2.0', '198.51.100.255', '203.0.113.7', '[2001:db8::]', '[2001:db8:ffff:ffff::1]', '[3fff::1]'];
    expect(privateOf([...asked, 'panel.example', 'example.com', 'panel.test', 'panel.invalid'])).toEqual([]);
  });

  test('holds the first and the last address of each private IPv6 range', () => {
    const edges = [
      ['[::]', '[::1]'],
      ['[64:ff9b:1::]', '[64:ff9b:1:ffff:ffff:ffff:ffff:ffff]'],
      ['[100::]', '[100::ffff:ffff:ffff:ffff]', '[100:0:0:1::]'],
      ['[2001:1::]', '[2001:1::4]', '[2001:2::]', '[2001:4:111::]', '[2001:10::]', '[2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff]'],
      ['[5f00::]', '[5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff]'],
      ['[fc00::]', '[fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]'],
      ['[fe80::]', '[febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff]'],
      ['[fec0::]', '[feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]'],
      ['[ff00::]', '[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]'],
    ].flat();
    expect(privateOf(edges)).toEqual(edges);
  });

  test('leaves out the addresses next to each private IPv6 range', () => {
    const last = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff';
    const neighbours = [
      [`[fbff:${last}]`, '[fe00::]', `[fe7f:${last}]`, '[2001:db8::1]', '[100:0:0:2::]', '[2001:200::]', '[5f01::]'],
      ['[2001:1::1]', '[2001:1::2]', '[2001:1::3]', '[2001:3::1]', '[2001:4:112::1]', '[2001:20::]', '[2001:3f:ffff::]'],
    ].flat();
    expect(privateOf(neighbours)).toEqual([]);
  });

  test('judges an IPv6 address by the IPv4 address that it carries', () => {
    const inside = [
      ['[::ffff:10.0.0.8]', '[::FFFF:a00:8]', '[0:0:0:0:0:ffff:7f00:1]', '[::10.0.0.8]', '[64:ff9b::192.168.0.1]'],
      // 6to4; Teredo by its server, and by its client, whose bits are inverted; ISATAP.
      ['[2002:a00:8::1]', '[2001:0:a00:8::3fff:fdfe]', '[2001:0:c000:201::f5ff:fff7]'],
      ['[2001:db8::5efe:10.0.0.8]', '[2001:db8::200:5efe:192.168.0.1]'],
    ].flat();
    const outside = [
      ['[::ffff:192.0.2.1]', '[::ffff:c000:201]', '[::192.0.2.1]', '[64:ff9b::192.0.2.1]', '[2002:c000:201::1]'],
      [
        '[2001:0:c000:201::3fff:fdfe]',
        '[2001:db8::5efe:192.0.2.1]',
        '[2001:db8::200:5efe:c000:201]',
        '[2001:db8::100:5efe:a00:8]',
      ],
    ].flat();
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
      ['a.localdomain', 'nas.home', 'x.private', 'a.mail', 'a.domain', 'a.workgroup', 'a.router', 'a.dhcp', 'a.localnet'],
      ['.fileserver', '..fileserver', '1.0.0.10.in-addr.arpa', '1.1.168.192.in-addr.arpa', '8.b.d.f.ip6.arpa'],
      ['a b.corp', 'ex%ample.lan'],
    ].flat();
    expect(privateOf(names)).toEqual(names);
  });

  test('leaves out names that only look internal', () => {
    const names = [
      [
        'localhost.example',
        'notlocalhost.example',
        'local.example',
        'home.example',
        'a.xhome',
        'mylocal.example',
        'a.notlocal',
        'a.xlan',
      ],
      [
        'corp.example',
        'homearpa.example',
        'a.arpa',
        'xhome.arpa',
        '10.0.0.8.example',
        '1.2.0.192.in-addr.arpa',
        '1.110.in-addr.arpa',
        'bücher.example',
        'xn--bcher-kva.example',
      ],
    ].flat();
    expect(privateOf(names)).toEqual([]);
  });
});
