import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readComparison } from '../../src/records/stix-comparison.ts';
import { PatternError, parsePattern } from '../../src/records/stix-pattern.ts';
import { collect, named } from './collect.ts';

function read(pattern: string): string[] {
  const reading = collect();
  for (const comparison of parsePattern(pattern)) readComparison(comparison, reading);
  return [...named(reading.findings), ...reading.passedOver.map((passed) => `- ${passed}`)];
}

test.each([
  ["[ipv4-addr:value = '192.0.2.1']", ['ip 192.0.2.1']],
  ["[ipv4-addr:'value'=='192.0.2.1']", ['ip 192.0.2.1']],
  ["[ipv6-addr:value = '2001:db8::1']", ['ipv6 2001:db8::1']],
  ["[ipv4-addr:value = '192.0.2.1/32' OR ipv4-addr:value = '192.0.2.0/24']", ['ip 192.0.2.1', '- range: 192.0.2.0/24']],
  ["[domain-name:value IN ('panel.example','gate.example')]", ['domain panel.example', 'domain gate.example']],
  ['[domain-name:value IN ()]', []],
  ["[hostname:value = 'panel.example']", ['domain panel.example']],
  [String.raw`[url:value = 'http://panel.example/\'\\\'x']`, [String.raw`url http://panel.example/'\'x`]],
  [String.raw`[url:value = 'http://panel.example/\d']`, [String.raw`url http://panel.example/\d`]],
  ["[url:value = ']) OR [']", ['url ]) OR [']],
  ["[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '192.0.2.1']", ['ip 192.0.2.1']],
  ["[network-traffic:dst_ref.'value' = '192.0.2.1/32' AND network-traffic:dst_port = 80]", ['ip 192.0.2.1']],
  ["[network-traffic:src_ref.value = '192.0.2.0/24']", ['- range: 192.0.2.0/24']],
  ["[domain-name:resolves_to_refs[*].value = '2001:db8::1']", ['ipv6 2001:db8::1']],
  ["[domain-name:resolves_to_refs[0].value = 'panel.example']", ['domain panel.example']],
  ["[email-message:from_ref.value = 'x@panel.example']", ['- other type: x@panel.example']],
  ["[file:hashes.'SHA-256' = 'aa' AND mutex:name = 'panel.example']", ['- other type: aa', '- other type: panel.example']],
  ["[url:value != 'a' AND url:value <> 'b']", ['- negated: a', '- negated: b']],
  ["[url:value NOT = 'a' AND url:value NOT IN ('b', 'c')]", ['- negated: a', '- negated: b', '- negated: c']],
  ["[url:value NOT LIKE 'a']", ['- negated: a']],
  ["[url:value LIKE '%panel%' AND url:value MATCHES 'p\\\\d']", ['- other type: %panel%', '- other type: p\\d']],
  ["[ipv4-addr:value ISSUBSET '192.0.2.1/32']", ['- range: 192.0.2.1/32']],
  ["[ipv4-addr:value ISSUPERSET '192.0.2.1']", ['- range: 192.0.2.1']],
  ["[url:value > 'a']", ['- other type: a']],
  ["([url:value='a'] FOLLOWEDBY ([url:value='b']) WITHIN 5 SECONDS) REPEATS 2 TIMES", ['url a', 'url b']],
  [
    "[url:value='a'] START t'2026-01-01T00:00:00Z' STOP t'2026-01-02T00:00:00.5Z' OR [url:value='b'] WITHIN 1.5 SECONDS",
    ['url a', 'url b'],
  ],
  ["[url:value='a'] START '2026-01-01T00:00:00Z' STOP '2026-01-02T00:00:00Z'", ['url a']],
  ["[(url:value='a' OR (url:value='b')) AND EXISTS url:value]", ['url a', 'url b']],
  ["\n[ /* 'x' */ url:value = 'a' // 'y'\n]\t", ['url a']],
  ["[x:a = true AND x:b = -1.5e3 AND x:c = h'00' AND x:d = b'AA==' AND x:e = t'2026-01-01T00:00:00Z']", []],
  ["[url:value = 'a' and url:value in ('b')] or [url:value = 'c']", ['url a', 'url b', 'url c']],
])('%s', (pattern, wanted) => {
  expect(read(pattern)).toEqual(wanted);
});

test.each([
  ['', 'expected [ at character 1'],
  ['url', 'expected [ at character 1'],
  ['[]', 'expected a property at character 2'],
  ["[url:value = 'a'", 'expected an operator or ] at character 17'],
  ["[url:value = 'a']]", 'expected an operator at character 18'],
  ["([url:value = 'a']", 'expected an operator or ) at character 19'],
  ["[(url:value = 'a'])", 'expected an operator or ) at character 18'],
  ["[url:value = 'a' 'b']", 'expected an operator or ] at character 18'],
  ["[url:value 'a']", 'expected a comparison at character 12'],
  ["[url:value = 'a", 'expected a constant at character 14'],
  ["[url:value = 'a\\'", 'expected a constant at character 14'],
  ['[url:value = a]', 'expected a constant at character 14'],
  ["[url:value = 'a' FOLLOWEDBY url:value = 'b']", 'expected an operator or ] at character 18'],
  ["[url:value = 'a'] [url:value = 'b']", 'expected an operator at character 19'],
  ["[url:value = 'a'] AND", 'expected [ at character 22'],
  ["[url:value = 'a'] AND url:value = 'b'", 'expected [ at character 23'],
  ["[[url:value = 'a']]", 'expected a property at character 2'],
  ["[url = 'a']", 'expected : at character 6'],
  ["[url: = 'a']", 'expected a property at character 7'],
  ["[url:value[x] = 'a']", 'expected a constant at character 12'],
  ["[url:value[1 = 'a']", 'expected ] at character 14'],
  ["[url:value IN 'a']", 'expected ( at character 15'],
  ["[url:value IN ('a' 'b')]", 'expected , or ) at character 20'],
  ["[url:value IN ('a',)]", 'expected a constant at character 20'],
  ["[url:value = 'a'] WITHIN SECONDS", 'expected a number at character 26'],
  ["[url:value = 'a'] WITHIN 5", 'expected SECONDS at character 27'],
  ["[url:value = 'a'] REPEATS 5 SECONDS", 'expected TIMES at character 29'],
  ["[url:value = 'a'] START t'x'", 'expected STOP at character 29'],
  ["[url:value = 'a' WITHIN 5 SECONDS]", 'expected an operator or ] at character 18'],
  ["[url:value ~ 'a']", 'expected a comparison at character 12'],
])('%j does not parse', (pattern, message) => {
  expect(() => parsePattern(pattern)).toThrow(new PatternError(message));
});

interface Written {
  readonly text: string;
  readonly values: readonly string[];
}

const quoted = (value: string): string => `'${value.replace(/[\\']/g, '\\$&')}'`;
const space = fc.constantFrom(' ', '  ', '\n', '/**/');

const comparison: fc.Arbitrary<Written> = fc.oneof(
  fc.string().map((value) => ({ text: `url:value = ${quoted(value)}`, values: [value] })),
  fc.array(fc.string()).map((values) => ({ text: `url:value IN (${values.map(quoted).join(', ')})`, values })),
);

function joined(operand: fc.Arbitrary<Written>, operators: readonly string[]): fc.Arbitrary<Written> {
  return fc.tuple(operand, fc.constantFrom(...operators), operand, space).map(([one, operator, other, between]) => ({
    text: `${one.text}${between}${operator}${between}${other.text}`,
    values: [...one.values, ...other.values],
  }));
}

const enclosed = (inner: fc.Arbitrary<Written>, open: string, close: string): fc.Arbitrary<Written> =>
  inner.map(({ text, values }) => ({ text: `${open}${text}${close}`, values }));

const { expression } = fc.letrec<{ expression: Written }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    comparison,
    joined(tie('expression'), ['AND', 'OR']),
    enclosed(tie('expression'), '(', ')'),
  ),
}));

const { observation } = fc.letrec<{ observation: Written }>((tie) => ({
  observation: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    enclosed(expression, '[', ']'),
    joined(tie('observation'), ['AND', 'OR', 'FOLLOWEDBY']),
    enclosed(tie('observation'), '(', ')'),
    enclosed(tie('observation'), '(', ') WITHIN 5 SECONDS REPEATS 2 TIMES'),
  ),
}));

test('the strings of any pattern come back, in order', () => {
  fc.assert(
    fc.property(observation, ({ text, values }) => {
      expect(parsePattern(text).flatMap((parsed) => parsed.values)).toEqual(values);
    }),
    { numRuns: 500 },
  );
});

test('cut anywhere, a pattern does not parse or ends between observations', () => {
  fc.assert(
    fc.property(enclosed(expression, '[', ']'), fc.nat(), ({ text }, at) => {
      expect(() => parsePattern(text.slice(0, at % text.length))).toThrow(PatternError);
    }),
    { numRuns: 500 },
  );
});

const PIECES = [
  '[',
  ']',
  '(',
  ')',
  "'",
  '\\',
  'url:value',
  '=',
  'IN',
  'NOT',
  'AND',
  ',',
  "'a'",
  ' ',
  '.',
  '*',
  "t'",
  '5',
  'WITHIN',
  '/*',
  '//',
];

test('random pieces parse or throw PatternError', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES)), (pieces) => {
      try {
        parsePattern(pieces.join(''));
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(PatternError);
      }
    }),
    { numRuns: 5_000 },
  );
});

test.each(['(', '[(', "'", '/*', ' ', 'a', '1', '-', "[url:value IN (''", '/**/', '\\', '+', '[a:b.c'])(
  'a million of %j do not exhaust the stack',
  (piece) => {
    expect(() => parsePattern(piece.repeat(1_000_000))).toThrow(PatternError);
  },
);

test('a string or path of millions of characters is read', () => {
  const long = 'x'.repeat(5_000_000);
  expect(parsePattern(`[url:value = '${long}']`)[0]?.values).toEqual([long]);
  expect(parsePattern(`[${long}:value = '']${' '.repeat(5_000_000)}`)[0]?.objectType).toBe(long);
});
