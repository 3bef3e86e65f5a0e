import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { detectType } from '../../src/text/detect-type.ts';
import type { Extraction } from '../../src/text/extract.ts';
import { extractObservables, extractRepeated } from '../../src/text/extract.ts';
import { expectAllFound, expectFound, expectNothing, expectPassedOver, found } from './tables.ts';

const vectorSchema = z.strictObject({
  text: z.string(),
  want: z.array(z.strictObject({ type: z.string(), value: z.string() })),
  why: z.string(),
});

describe('the agreed cases', () => {
  const vectors = readFileSync(new URL('../vectors/text.ndjson', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => z.parse(vectorSchema, JSON.parse(line)));

  test('are all there', () => {
    expect(vectors).toHaveLength(150);
  });

  test.each(vectors)('hold: $why', ({ text, want }) => {
    const distinct = new Map(
      text
        .split(/\r?\n/)
        .flatMap((line) => [...extractObservables(line).found])
        .map((observable) => [JSON.stringify(observable), observable]),
    );
    expect([...distinct.values()]).toEqual(want);
  });
});

describe('a line of one word', () => {
  test('may be a domain or an IPv6 address, defanged or not', () => {
    expectFound({
      'panel[.]example': ['domain panel.example'],
      '* bücher.example': ['domain bücher.example'],
      '2001[:]db8[:][:]1': ['ipv6 2001:db8::1'],
      '[2001:db8::1]': ['ipv6 2001:db8::1'],
      '[2001:db8::1]:8080': ['ipv6 2001:db8::1'],
      '2001:db8::': ['ipv6 2001:db8::'],
      '2001:db8:0:0:0:0:0:1': ['ipv6 2001:db8:0:0:0:0:0:1'],
      '[2001:db8:0:0:0:0:0:1]:8080/a': ['url [2001:db8:0:0:0:0:0:1]:8080/a'],
      '::ffff:192.0.2.1': ['ip 192.0.2.1'],
    });
  });

  test('is nothing where it is only a word, a number or a time', () => {
    expectNothing(['', ' ', ...'panel 3.14 10:11:12 :: v1.2 e.g. - 2001:db8::/32 a[at]panel[.]example #'.split(' ')]);
  });
});

test('half a surrogate pair is part of what it stands in', () => {
  expect(found('\ud800 http://panel.example/\udc00 192.0.2.1')).toEqual(['url http://panel.example/\udc00', 'ip 192.0.2.1']);
});

describe('an IPv6 address among other words', () => {
  const passedOver = (line: string) => extractObservables(line).passedOver.map(({ reason, text }) => `${reason} ${text}`);

  test('is passed over in the order of the text', () => {
    expect(passedOver('2001:db8::1 version 1.2.3.4 fe80::1 http://panel.example/ 192.0.2.0/24 2001:db8::2')).toEqual([
      ...['other type 2001:db8::1', 'version 1.2.3.4', 'other type fe80::1', 'range 192.0.2.0/24', 'other type 2001:db8::2'],
    ]);
  });

  test('is not passed over within what was found', () => {
    const lines = [
      'http://panel.example/?ip=2001:db8::1 up',
      'panel.example/?ip=2001:db8::1 up',
      'from 192.0.2.1/?ip=2001:db8::1',
    ];
    expect(lines.flatMap(passedOver)).toEqual([]);
    expect(passedOver('http://panel.example/?ip=2001:db8::1 2001:db8::2')).toEqual(['other type 2001:db8::2']);
  });
});

describe('a text that repeats', () => {
  const createExtractor = () => {
    const known = new Map<string, Extraction>();
    return (line: string) => extractRepeated(line, known);
  };
  const agent = 'Mozilla/5.0 (compatible; probe; +http://panel.example/bot)';

  test('is searched once', () => {
    const extract = createExtractor();
    expect(extract(agent)).toEqual(extractObservables(agent));
    expect(extract(agent)).toBe(extract(agent));
  });

  test('is forgotten after thousands of others, and where it is long', () => {
    const extract = createExtractor();
    const [first, long] = [extract(agent), `${agent} ${'x'.repeat(250)}`];
    for (let at = 0; at < 4_096; at += 1) extract(`h${at}.example`);
    expect(extract(agent)).not.toBe(first);
    expect(extract(agent)).toEqual(first);
    expect(extract(long)).not.toBe(extract(long));
  });
});

describe('the type of a value', () => {
  test.each([
    ['ip', ['192.0.2.1', ' 192.0.2.1 ']],
    ['ipv6', ['2001:db8::1', '::1']],
    ['domain', ['panel.example', 'bücher.example', 'xn--bcher-kva.example']],
    [
      'url',
      [
        ...'http://panel.example HTTP://PANEL.EXAMPLE/A http://localhost/ http://user:secret@panel.example/'.split(' '),
        ...'http://[2001:db8::1]:8080/ tcp://192.0.2.1:443 panel.example/a panel.example:8080'.split(' '),
        ...'192.0.2.1:8080 192.0.2.1/a 192.0.2.1/443 [2001:db8::1]:8080'.split(' '),
        'http://panel.example/a b',
      ],
    ],
    [
      undefined,
      [
        ...' panel 999.1.1.1 1.2.3.4.5 01.2.3.4 192.0.2.0/24 192.0.2.0/255.255.255.0 2001:db8::/32 a@panel.example'.split(' '),
        ...'192.0.2.0/0.0.0.255 192.0.0.0/254.0.0.0 0.0.0.0/0.0.0.0 192.0.2.1/255.255.225.0 192.0.2.0/24-'.split(' '),
        ...'http:// http://. http:///x javascript:alert(1) \ud800 http://2001:db8::1/ http://panel.example:99999/'.split(' '),
        ...'http://999.1.1.1/ panel.example?a v1.2 -a.example'.split(' '),
        ...[' ', '192.0.2.1 192.0.2.2', 'http://a b/', `${'a'.repeat(300)}.example`, `http://${'a.'.repeat(2000)}example/`],
      ],
    ],
  ])('is %s for %j', (type, values) => {
    expect(values.filter((value) => detectType(value) !== type)).toEqual([]);
  });
});

test('a sentence that no blank separates is no part of a host', () => {
  expectFound({
    'blocked panel.example.Please check 192.0.2.1.Also see': ['domain panel.example', 'ip 192.0.2.1'],
    'see panel[.]xyz.Then 192[.]0[.]2[.]9.It, http://drop.example.The file': [
      ...['domain panel.xyz', 'ip 192.0.2.9', 'url http://drop.example'],
    ],
    'https://panel.example:8080.Then': ['url https://panel.example:8080'],
    'java.net.Socket, com.example.Main, yesterday.It, setup.exe.The': [],
  });
});

test('the name of an XML namespace is passed over, and other attributes are not', () => {
  expectPassedOver('code', [
    '<Event xmlns="http://panel.example/win/2004">',
    "<a xmlns:x = 'http://panel.example/ns'>",
    '{"xmlns":"http://panel.example/ns"}',
    String.raw`{"xml":"<a xmlns:x=\"http://panel.example/ns\">"}`,
  ]);
  expectAllFound(['url http://panel.example/a'], ['<a href="http://panel.example/a">', 'xmlns http://panel.example/a']);
});

test('the locations of XML schemas are passed over with their namespaces', () => {
  const first = 'http://panel.example/ns http://panel.example/XMLSchema/1.2/ns.xsd';
  const second = 'https://drop.example/ns-1 https://drop.example/ns.xsd';
  expectPassedOver('code', [
    `<a xsi:schemaLocation="${first}">`,
    `\t${first}`,
    `  ${second}"`,
    `<a x:schemaLocation='${first}  ${second}'/>`,
  ]);
  expectAllFound(
    ['url http://panel.example/a', 'url http://panel.example/b'],
    ['http://panel.example/a http://panel.example/b', `${first} http://panel.example/a http://panel.example/b`],
  );
  expectAllFound(['url http://panel.example/a.xsd'], ['http://panel.example/a.xsd', 'see http://panel.example/a.xsd']);
});
