import { describe, expect, test } from 'vitest';
import { createWarninglists } from '../../../src/core/observables/warninglists.ts';
import type { Warninglists } from '../../../src/core/observables/warninglists.ts';
import { parseWarninglist } from '../../../src/core/observables/warninglists/document.ts';
import { loadPatterns } from '../../../src/wiring/open-warninglists.ts';

const openPatterns = await loadPatterns();

/** A document of MISP; `rest` may replace its fields. */
const toDocument = (type: string, list: readonly unknown[], rest: object = {}) => ({
  ...{ name: type, description: 'a test', version: 20_260_301, type, list, matching_attributes: [] },
  ...rest,
});

function open(...documents: readonly object[]) {
  const lists = documents.map(parseWarninglist).filter((list) => list !== null);
  expect(lists).toHaveLength(documents.length);
  return createWarninglists(lists, openPatterns);
}

const openOne = (type: string, ...list: readonly unknown[]) => open(toDocument(type, list)).warninglists;

/** Which of these values of a type are on a list. */
const marked = (lists: Warninglists, type: string, values: readonly string[]) =>
  values.filter((value) => lists.find({ type, value }).length > 0);

describe('a list of strings', () => {
  test('contains the whole value, or the host', () => {
    const lists = openOne('string', 'panel.example', 'http://shop.example/Path', '192.0.2.1', '2001:DB8::1', 'bücher.example');
    const urls = [
      'http://panel.example:8080/x',
      'PANEL.example',
      'http://shop.example/Path',
      'https://[2001:db8:0::1]/',
      'http://192.0.2.1/',
    ];
    const others = [
      'http://x.panel.example/',
      'http://shop.example/path',
      'http://a.example/?panel.example',
      'http://192.0.2.10/',
    ];
    expect(marked(lists, 'url', [...urls, ...others])).toEqual(urls);
    expect(marked(lists, 'domain', ['Panel.Example', 'xn--bcher-kva.example', 'x.panel.example'])).toEqual([
      'Panel.Example',
      'xn--bcher-kva.example',
    ]);
    expect(marked(lists, 'ip', ['192.0.2.1', '192.0.2.10'])).toEqual(['192.0.2.1']);
  });

  test('of a pattern contains no name', () => {
    expect(marked(openOne('string', '*.panel.example', '.shop.example'), 'domain', ['panel.example', 'shop.example'])).toEqual(
      [],
    );
  });
});

describe('a list of host names', () => {
  const lists = openOne('hostname', 'Panel.example.', '.shop.example', '192.0.2.1');

  test('contains each name and all below it, of domains and of URLs', () => {
    const names = ['panel.example', 'a.b.panel.example', 'www.shop.example', 'PANEL.EXAMPLE'];
    expect(marked(lists, 'domain', [...names, 'xpanel.example', 'example', 'panel.example.net'])).toEqual(names);
    const urls = ['panel.example/x', 'http://user@x.panel.example:81/', 'http://192.0.2.1/'];
    expect(marked(lists, 'url', [...urls, 'http://a.example/panel.example', 'http://1.192.0.2.1.example/'])).toEqual(urls);
  });

  test('contains an address, but no other that ends alike', () => {
    expect(marked(openOne('hostname', '192.0.2.1', '0.2.1', '2'), 'ip', ['192.0.2.1', '198.0.2.1', '192.0.2.2'])).toEqual([
      '192.0.2.1',
    ]);
  });
});

describe('a list of ranges', () => {
  const lists = openOne(
    'cidr',
    '192.0.2.128/25',
    '198.51.100.7',
    '2001:db8:1::/48',
    '203.0.113.9/30',
    '::ffff:100.64.0.0/106',
    '::/127',
  );

  test('contains exactly their addresses', () => {
    const ips = ['192.0.2.128', '192.0.2.255', '198.51.100.7', '203.0.113.8', '203.0.113.11', '100.127.255.255'];
    const others = ['192.0.2.127', '192.0.3.0', '198.51.100.8', '203.0.113.7', '203.0.113.12', '100.128.0.0', 'x'];
    expect(marked(lists, 'ip', [...ips, ...others])).toEqual(ips);
    const ipv6 = ['::1', '2001:db8:1::', '2001:DB8:1:ffff:ffff:ffff:ffff:ffff', '::ffff:192.0.2.200'];
    expect(marked(lists, 'ipv6', [...ipv6, '::2', '2001:db8:2::', '::ffff:192.0.2.1'])).toEqual(ipv6);
  });

  test('contains the address that is the host of a URL', () => {
    const urls = ['http://192.0.2.200/x', 'http://[2001:db8:1::5]:81/', 'http://0xc00002c8/'];
    expect(marked(lists, 'url', [...urls, 'http://192.0.2.200.example/', 'http://a.example/192.0.2.200'])).toEqual(urls);
  });

  test('contains all with a range of everything', () => {
    expect(marked(openOne('cidr', '0.0.0.0/0'), 'ip', ['0.0.0.0', '255.255.255.255'])).toHaveLength(2);
    expect(marked(openOne('cidr', '::/0'), 'ipv6', ['::1', 'ffff::'])).toHaveLength(2);
    expect(marked(openOne('cidr', '::/0'), 'ip', ['192.0.2.1'])).toEqual([]);
  });
});

describe('a list of substrings', () => {
  test('contains what holds one, whatever the case', () => {
    const lists = openOne('substring', 'Gate', 'gateway', '/d12', 'q', 'panel.example');
    const urls = ['http://a.example/GATE.php', 'http://a.example/d12', 'aQ', 'http://panel.example/'];
    expect(marked(lists, 'url', [...urls, 'http://a.example/gat', 'panel.exampl', ''])).toEqual(urls);
  });
});

describe('a list of regular expressions', () => {
  test('contains what one matches somewhere, with delimiters and flags or without', () => {
    const lists = openOne('regex', '/^http:\\/\\/PANEL\\./i', 'gate[0-9]{2}$', '/x.*y/gsu');
    const urls = ['http://panel.example/', 'a.example/gate12', 'x\ny'];
    expect(marked(lists, 'url', [...urls, 'http://a.panel.example/', 'a.example/gate1', 'a.example/GATE12'])).toEqual(urls);
  });

  test('is not compared with a value of more than 10,000 characters', () => {
    expect(marked(openOne('regex', 'b$'), 'url', [`${'a'.repeat(9_999)}b`, `${'a'.repeat(10_000)}b`])).toHaveLength(1);
  });
});

describe('matching attributes', () => {
  const find = (attributes: readonly string[] | null | undefined, type: string, value: string) =>
    open(toDocument('substring', ['example'], { matching_attributes: attributes })).warninglists.find({ type, value }).length ===
    1;

  test.each([
    [['ip-dst'], 'ip'],
    [['ip-src|port'], 'ip'],
    [['domain|ip'], 'ip domain'],
    [['hostname', 'domain'], 'domain'],
    [['uri'], 'url'],
    [['URL', 'link'], 'url'],
    [['sha256'], 'sha256'],
    [['email-src'], ''],
    [['ALL', 'md5'], 'ip domain url sha256'],
    [[], 'ip domain url sha256'],
    [null, 'ip domain url sha256'],
    [undefined, 'ip domain url sha256'],
  ])('%j are compared with %s', (attributes, types) => {
    const compared = ['ip', 'domain', 'url', 'sha256'].filter((type) => find(attributes, type, 'panel.example'));
    expect(compared.join(' ')).toBe(types);
  });

  test('of CTIM are compared by the names that MISP has for them', () => {
    expect(find(['domain'], 'hostname', 'panel.example')).toBe(true);
    expect(find(['ip-src'], 'ipv6', '::1 example')).toBe(true);
  });

  test('hold for every type of list', () => {
    const types = { string: 'panel.example', hostname: 'panel.example', substring: 'panel', regex: 'panel' };
    const documents = Object.entries(types).map(([type, entry]) => toDocument(type, [entry], { matching_attributes: ['url'] }));
    const { warninglists } = open(...documents, toDocument('cidr', ['192.0.2.1'], { matching_attributes: ['url'] }));
    expect(warninglists.find({ type: 'domain', value: 'panel.example' })).toEqual([]);
    expect(warninglists.find({ type: 'ip', value: '192.0.2.1' })).toEqual([]);
    expect(warninglists.find({ type: 'url', value: 'panel.example' })).toEqual(Object.keys(types));
  });
});

test('the names are those of all lists, once each, in the order of the lists', () => {
  const { warninglists } = open(
    toDocument('regex', ['panel'], { name: 'one' }),
    toDocument('hostname', ['example', 'panel.example', 'panel.example'], { name: 'two' }),
    toDocument('hostname', ['other.example'], { name: 'three' }),
    toDocument('string', ['panel.example'], { name: 'two' }),
    toDocument('hostname', ['panel.example'], { name: '__proto__' }),
  );
  expect(warninglists.find({ type: 'domain', value: 'panel.example' })).toEqual(['one', 'two', '__proto__']);
  expect(warninglists.find({ type: 'domain', value: '__proto__' })).toEqual([]);
});

describe('an entry is left out, with the reason,', () => {
  test.each([
    ['regex', '(a+)+$', 'nested repetition'],
    ['regex', '/^(?:[a-z]*x)*$/i', 'nested repetition'],
    ['regex', '((a{2,}b)c)*', 'nested repetition'],
    ['regex', '(?=a)b', 'not supported'],
    ['regex', '(a)\\1', 'not supported'],
    ['regex', '(', 'not supported'],
    ['regex', 'a{1001}', 'not supported'],
    ['regex', '/a/x', 'flags that are not supported'],
    ['regex', '(?:[a-z]{300}){2}[0-9]{900}', 'too large'],
    ['regex', 'a'.repeat(1001), 'too long'],
    ['substring', 'a'.repeat(1001), 'too long'],
    ['cidr', '192.0.2.0/33', 'no address or range'],
    ['cidr', '192.0.2.0/24/1', 'no address or range'],
    ['cidr', '192.0.2', 'no address or range'],
    ['cidr', 'panel.example', 'no address or range'],
    ['hostname', 'panel.example/x', 'no host name'],
    ['hostname', '10.0.0', 'no host name'],
  ])('of %s: %s', (type, entry, reason) => {
    const { warninglists, leftOut } = open(toDocument(type, [entry, type === 'cidr' ? '192.0.2.77' : 'other.example']));
    expect(leftOut).toEqual([{ list: type, count: 1, named: [`${entry.slice(0, 100)} (${reason})`] }]);
    expect(marked(warninglists, 'url', ['http://192.0.2.77/other.example', 'http://other.example/'])).not.toEqual([]);
  });

  test.each(['string', 'substring', 'hostname', 'cidr', 'regex'])('of %s: what is no text', (type) => {
    const { warninglists, leftOut } = open(toDocument(type, [5, null, {}, ['a'], '', '  ', true]));
    expect(leftOut).toMatchObject([{ count: 7, named: [1, 2, 3, 4, 5].map((at) => `entry ${at} (no text)`) }]);
    expect(marked(warninglists, 'url', ['http://panel.example/', '5', ''])).toEqual([]);
  });

  test('but an expression that only looks like a nested one is kept', () => {
    const kept = ['(a+)?b', '(a)+b+', '[(+]+x', '(a\\+)+', '(?:a|b)*', '(a{1,5})+', '[^](a+]+x'];
    expect(open(toDocument('regex', kept)).leftOut).toEqual([]);
  });

  test('where a list has more expressions than a run can bear', () => {
    const { leftOut } = open(
      toDocument(
        'regex',
        Array.from({ length: 2000 }, (_, at) => `${at}.{900}`),
      ),
    );
    expect(leftOut).toMatchObject([{ count: 1988 }]);
    expect(leftOut[0]?.named[0]).toBe('12.{900} (too many expressions)');
  });
});

describe('a document', () => {
  const whole = toDocument('string', ['panel.example']);

  test('without a type is a list of strings', () => {
    expect(parseWarninglist({ name: 'x', list: [] })).toEqual({ name: 'x', type: 'string', entries: [], kinds: null });
  });

  test.each([
    ...[null, 5, 'x', [], {}, [whole], { ...whole, name: '' }, { ...whole, name: 5 }, { ...whole, type: 'yara' }],
    ...[
      { ...whole, list: 'panel.example' },
      { ...whole, list: undefined },
      { ...whole, matching_attributes: [5] },
    ],
  ])('is no warninglist: %j', (document) => {
    expect(parseWarninglist(document)).toBeNull();
  });

  test('has a name of at most 200 characters', () => {
    expect(parseWarninglist({ ...whole, name: 'x'.repeat(1000) })?.name).toBe('x'.repeat(200));
  });
});
