import { describe, expect, test } from 'vitest';
import { dnsmasqFormat } from '../../src/exports/dnsmasq.ts';
import { domainFormat } from '../../src/exports/domain.ts';
import type { ExportFormat } from '../../src/exports/export-format.ts';
import { hostsFormat } from '../../src/exports/hosts.ts';
import { ipFormat } from '../../src/exports/ip.ts';
import { nftablesFormat } from '../../src/exports/nftables.ts';
import { rpzFormat } from '../../src/exports/rpz.ts';
import { unboundFormat } from '../../src/exports/unbound.ts';
import { urlFormat } from '../../src/exports/url.ts';
import { hostileEntries } from './hostile-entries.ts';
import { exportAll, leftOutOf, linesOf, NOW, textOf, toEntry, toList } from './lists.ts';

const LIST = toList(
  'panel.example/d12/cp.php?m=login',
  'PANEL.example:8080/',
  'bücher.example/grün/',
  '198.51.100.7/gate/',
  toEntry('whole.example', { covers: 'host', ip: '198.51.100.60' }),
);
const NAMES = ['panel.example', 'whole.example', 'xn--bcher-kva.example'];

describe('a format of names', () => {
  test.each<[string, ExportFormat, readonly string[]]>([
    ['domain', domainFormat, NAMES],
    ['hosts', hostsFormat, NAMES.map((name) => `0.0.0.0 ${name}`)],
    ['dnsmasq', dnsmasqFormat, NAMES.map((name) => `address=/${name}/#`)],
    ['unbound', unboundFormat, ['server:', ...NAMES.map((name) => `local-zone: "${name}." always_nxdomain`)]],
  ])('%s has each name once, sorted', (_name, format, expected) => {
    const exported = exportAll(format, LIST);
    expect(linesOf(exported)).toEqual(expected);
    expect(exported.account.count).toBe(3);
    expect(leftOutOf(exported)).toEqual(['1 an address, not a name']);
    expect(exported.account.remarks).toEqual(['the path or port of 3 entries, which this format cannot express']);
  });

  test('names only valid DNS names, and no public suffix', () => {
    const exported = exportAll(domainFormat, { ...LIST, entries: hostileEntries });
    expect(linesOf(exported)).toEqual([
      '8.0.0.0.0.rpz-ip',
      // Of `a\nb.example`, as URL parsers read it.
      'ab.example',
      ...['backslash.example', 'credentials.example', 'paths.example', 'port.example'],
      ...['private-address.example', 'whole.example', 'xn--bcher-kva.example'],
    ]);
    const leftOut = exported.account.leftOut.counts().reduce((sum, [, count]) => sum + count, 0);
    const named = hostileEntries.filter(({ host }) => linesOf(exported).includes(host));
    expect(leftOut + named.length).toBe(hostileEntries.length);
  });
});

describe('a format of addresses', () => {
  const shared = (at: number) => toEntry(`s${at}.example/x`, { ip: '198.51.100.99' });
  const list = toList(
    '203.0.113.7',
    '198.51.100.60:81/x',
    '[2001:db8::1]/x',
    toEntry('a.example', { ip: '198.51.100.8' }),
    ...[1, 2, 3].map(shared),
  );

  test('has hosts only, sorted as numbers', () => {
    const exported = exportAll(ipFormat, list);
    expect(linesOf(exported)).toEqual(['198.51.100.60', '203.0.113.7']);
    expect(leftOutOf(exported)).toEqual(['1 an IPv6 address', '4 a name; use --resolved to export its address']);
  });

  test('has resolved addresses of few entries where they are asked for', () => {
    expect(linesOf(exportAll(ipFormat, list, { isResolved: true }))).toEqual(['198.51.100.8', '198.51.100.60', '203.0.113.7']);
    expect(linesOf(exportAll(ipFormat, list, { isResolved: true, maxShared: 3 }))).toContain('198.51.100.99');
    expect(leftOutOf(exportAll(ipFormat, list, { isResolved: true }))).toContain(
      '3 an address of more than 2 entries (--max-shared)',
    );
  });

  test('nftables fills its set in one transaction', () => {
    expect(linesOf(exportAll(nftablesFormat, list))).toEqual([
      'add table inet cct',
      'add set inet cct c2 { type ipv4_addr; flags interval; auto-merge; }',
      'flush set inet cct c2',
      'add element inet cct c2 {',
      '\t198.51.100.60,',
      '\t203.0.113.7,',
      '}',
    ]);
  });

  test('never has a private one', () => {
    const exported = exportAll(ipFormat, { ...LIST, entries: hostileEntries }, { isResolved: true });
    expect(linesOf(exported)).toEqual(['198.51.100.7', '198.51.100.8', '198.51.100.9', '203.0.113.7']);
  });
});

describe('a policy zone', () => {
  test('has the time as its serial number, names with all below them, and addresses', () => {
    expect(linesOf(exportAll(rpzFormat, LIST))).toEqual([
      '$TTL 300',
      '@ IN SOA localhost. hostmaster.localhost. 1767323045 3600 600 604800 300',
      '@ IN NS localhost.',
      ...NAMES.flatMap((name) => [`${name} CNAME .`, `*.${name} CNAME .`]),
      '32.7.100.51.198.rpz-ip CNAME .',
    ]);
  });

  test('has a greater serial number later, and is the same but for that', () => {
    const exported = exportAll(rpzFormat, LIST);
    const [first, later] = [textOf(exported), textOf(exported, new Date(NOW.getTime() + 1000))];
    expect(later).toBe(first.replace(' 1767323045 ', ' 1767323046 '));
  });

  test('has resolved addresses beside their names', () => {
    const exported = exportAll(rpzFormat, LIST, { isResolved: true });
    expect(linesOf(exported)).toContain('32.60.100.51.198.rpz-ip CNAME .');
    expect(exported.account.remarks).toContain('3 resolved addresses: unknown, or of more entries than --max-shared');
  });

  test('takes no name for a trigger of another kind, and none that is too long with the name of the zone', () => {
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(20)}.example`;
    const exported = exportAll(rpzFormat, toList('8.0.0.0.0.rpz-ip', 'x.rpz-nsdname', long, 'panel.example'));
    expect(exported.account.count).toBe(1);
    expect(leftOutOf(exported)).toEqual(['3 a name that a policy zone cannot contain']);
  });
});

describe('a list of urls', () => {
  test('has no schemes, the port, and the path as listed, percent-encoded', () => {
    expect(linesOf(exportAll(urlFormat, LIST))).toEqual([
      '198.51.100.7/gate/',
      'panel.example/d12/cp.php?m=login',
      'panel.example:8080',
      'whole.example',
      'xn--bcher-kva.example/gr%C3%BCn/',
    ]);
  });

  test('has no wildcard, quote, blank or password, whatever is listed', () => {
    const urls = linesOf(exportAll(urlFormat, { ...LIST, entries: hostileEntries }));
    expect(urls.filter((url) => !/^[a-z0-9.-]+(?::\d+)?(?:\/[A-Za-z0-9\-._~:/?@!$&'()+,;=%]*)?$/.test(url))).toEqual([]);
    expect(urls).toContain('credentials.example/x');
    expect(urls).not.toContain('backslash.example');
  });

  test('has paths as clients send them, and none with a wildcard or a control character', () => {
    const odd = 'a.example/%2a/"q";{x}/(a b)\'/😀/\uD800/%zz/';
    const exported = exportAll(urlFormat, toList(odd, 'b.example/*', 'c.example/?a=^', 'd.example/a\tb', 'e.example/a/../b/?'));
    expect(linesOf(exported)).toEqual(["a.example/%2A/%22q%22;%7Bx%7D/(a%20b)'/%F0%9F%98%80/%EF%BF%BD/%zz/", 'e.example/b/']);
    expect(leftOutOf(exported)).toEqual(['2 a block list wildcard in the path (* or ^)', '1 a control character in the path']);
  });

  test('has a page on a public suffix, but not the suffix', () => {
    expect(linesOf(exportAll(urlFormat, toList('github.io/x', 'github.io/', 'co.uk')))).toEqual(['github.io/x']);
  });
});
