import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { detectType, extractObservables } from '../../src/text/extract.ts';
import { expectFound, expectNothing, found } from './found-in.ts';

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
    expect(vectors).toHaveLength(44);
  });

  test.each(vectors)('hold: $why', ({ text, want }) => {
    const distinct = new Map(
      text
        .split(/\r?\n/)
        .flatMap(extractObservables)
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
      '::ffff:192.0.2.1': ['ipv6 ::ffff:192.0.2.1'],
    });
  });

  test('is nothing where it is only a word, a number or a time', () => {
    expectNothing([
      '',
      ' ',
      'panel',
      '3.14',
      '10:11:12',
      '::',
      'v1.2',
      'e.g.',
      '-',
      '2001:db8::/32',
      'a[at]panel[.]example',
      '#',
    ]);
  });
});

test('half a surrogate pair is part of what it stands in', () => {
  expect(found('\ud800 http://panel.example/\udc00 192.0.2.1')).toEqual(['url http://panel.example/\udc00', 'ip 192.0.2.1']);
});

describe('the type of a value', () => {
  function expectTypes(table: Readonly<Record<string, ReturnType<typeof detectType>>>): void {
    expect(Object.fromEntries(Object.keys(table).map((value) => [value, detectType(value)]))).toEqual(table);
  }

  test('is what the whole value is', () => {
    expectTypes({
      '192.0.2.1': 'ip',
      ' 192.0.2.1 ': 'ip',
      '2001:db8::1': 'ipv6',
      '::1': 'ipv6',
      'panel.example': 'domain',
      'bücher.example': 'domain',
      'xn--bcher-kva.example': 'domain',
      'http://panel.example': 'url',
      'HTTP://PANEL.EXAMPLE/A': 'url',
      'http://localhost/': 'url',
      'http://user:secret@panel.example/': 'url',
      'http://panel.example/a b': 'url',
      'http://[2001:db8::1]:8080/': 'url',
      'tcp://192.0.2.1:443': 'url',
      'panel.example/a': 'url',
      'panel.example:8080': 'url',
      '192.0.2.1:8080': 'url',
      '192.0.2.1/a': 'url',
      '192.0.2.1/443': 'url',
      '[2001:db8::1]:8080': 'url',
    });
  });

  test('is unknown where the value is none of these, or more than one', () => {
    const values = [
      '',
      ' ',
      'panel',
      '999.1.1.1',
      '1.2.3.4.5',
      '01.2.3.4',
      '192.0.2.0/24',
      '192.0.2.0/255.255.255.0',
      '2001:db8::/32',
    ];
    const others = [
      'a@panel.example',
      'http://',
      'http://.',
      'http:///x',
      'javascript:alert(1)',
      '192.0.2.1 192.0.2.2',
      '\ud800',
    ];
    const more = [
      'http://2001:db8::1/',
      'http://panel.example:99999/',
      'http://999.1.1.1/',
      'panel.example?a',
      'http://a b/',
      'v1.2',
      '-a.example',
    ];
    const all = [...values, ...others, ...more, `${'a'.repeat(300)}.example`, `http://${'a.'.repeat(2000)}example/`];
    expect(all.filter((value) => detectType(value) !== undefined)).toEqual([]);
  });
});
