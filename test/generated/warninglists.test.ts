import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect } from 'vitest';
import { createWarninglists } from '../../src/core/observables/warninglists.ts';
import type { Warninglist } from '../../src/core/observables/warninglists/document.ts';
import { createSubstringSearch } from '../../src/core/observables/warninglists/substrings.ts';
import { loadPatterns } from '../../src/wiring/open-warninglists.ts';
import { testCostly, testProperty } from './cases.ts';
import { growthOf, MOST_GROWTH, toShortGrowth } from './growth.ts';
import { anyText, FRAGMENTS, HOSTILE } from './texts.ts';

const openPatterns = await loadPatterns();

function open(type: Warninglist['type'], entries: readonly string[]) {
  return createWarninglists([{ name: 'x', type, entries, kinds: null }], openPatterns).warninglists;
}

const isMarked = (type: Warninglist['type'], entries: readonly string[], observable: { type: string; value: string }) =>
  open(type, entries).find(observable).length > 0;

const label = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const name = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), fc.constantFrom('example', 'test', 'xn--p1ai'))
  .map((labels) => labels.flat().join('.'));
const below = fc.array(label, { maxLength: 3 }).map((labels) => labels.map((one) => `${one}.`).join(''));
const around = fc.constantFrom(
  ...([
    ['http://', '/'],
    ['', ''],
    ['HTTPS://', ':8443/a?b=c#d'],
    ['http://user:secret@', ''],
    ['http://', './x'],
  ] as const),
);
const changeCase = (text: string, upper: readonly boolean[]) =>
  text.replace(/[a-z]/g, (letter, at: number) => (upper[at % upper.length] === true ? letter.toUpperCase() : letter));
const cases = fc.array(fc.boolean(), { minLength: 1 });

describe('a listed host name', () => {
  testProperty(
    'marks itself and each name below it, in any case, and the URLs there',
    [name, below, around, cases],
    (listed, front, [before, after], upper) => {
      const host = changeCase(front + listed, upper);
      expect(isMarked('hostname', ['other.invalid', listed], { type: 'domain', value: host })).toBe(true);
      expect(isMarked('hostname', [changeCase(listed, upper)], { type: 'url', value: before + host + after })).toBe(true);
    },
  );

  testProperty('marks no other name', [name, name], (listed, other) => {
    const isBelow = `.${other}`.endsWith(`.${listed}`);
    expect(isMarked('hostname', [listed], { type: 'domain', value: other })).toBe(isBelow);
  });
});

const bytes = (length: number) => fc.array(fc.constantFrom(0, 1, 127, 128, 254, 255), { minLength: length, maxLength: length });
const family = fc.constantFrom(4, 16).chain((length) =>
  fc.record({
    network: bytes(length),
    address: bytes(length),
    bits: fc.nat({ max: length * 8 }),
    shares: fc.nat({ max: length }),
  }),
);

describe('a listed range', () => {
  testProperty('marks exactly its addresses, also as the host of a URL', [family], ({ network, address, bits, shares }) => {
    // Random addresses are rarely near each other.
    const listed = ipaddr.fromByteArray(network);
    const asked = ipaddr.fromByteArray([...network.slice(0, shares), ...address.slice(shares)]);
    const entry = `${listed.toString()}/${bits}`;
    const isIn = asked.kind() === listed.kind() && asked.match([listed, bits] as never);
    const url = asked.kind() === 'ipv4' ? `http://${asked.toString()}:81/x` : `http://[${asked.toString()}]:81/x`;
    expect([entry, url, isMarked('cidr', ['192.0.2.999', entry], { type: 'url', value: url })]).toEqual([entry, url, isIn]);
  });
});

const few = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '\u{1F600}', 'é'), minLength: 1, maxLength: 5 });

describe('the search for substrings', () => {
  testProperty(
    'finds what a search one by one finds',
    [fc.array(few, { maxLength: 8 }), fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '\u{1F600}'), maxLength: 12 })],
    (parts, text) => {
      expect(createSubstringSearch(parts)(text)).toBe(parts.some((part) => text.includes(part)));
    },
  );
});

const anyEntry = fc.oneof(anyText, fc.constantFrom(...HOSTILE, ...FRAGMENTS, '(a+)+$', '.*.*=', '[', '::/0', '/x/i', '1/1'));
const listType = fc.constantFrom('string' as const, 'substring' as const, 'hostname' as const, 'cidr' as const, 'regex' as const);
const short = { oneOf: 20, why: 'texts of 128,000 characters', isShrunk: false };

describe('any list', () => {
  testProperty(
    'is read, and compared with any value',
    [listType, fc.array(anyEntry, { maxLength: 5 }), anyText, fc.constantFrom('url', 'ip', 'domain', 'x')],
    (type, entries, value, observed) => {
      const names = open(type, entries).find({ type: observed, value });
      expect(names.filter((one) => one !== 'x')).toEqual([]);
    },
  );

  testCostly(
    'takes time linear in a value',
    short,
    [listType, fc.constantFrom(...HOSTILE), fc.constantFrom('url', 'domain', 'ip')],
    (type, unit, observed) => {
      const lists = open(type, [unit.repeat(20), `${unit}x`, 'aaaaaaaa', '.*a.{100}b', 'panel.example', '192.0.2.0/24']);
      const toText = (length: number) => unit.repeat(Math.ceil(length / unit.length));
      expect(toShortGrowth((value) => lists.find({ type: observed, value }), toText)).toBeLessThan(MOST_GROWTH);
    },
  );

  testCostly('takes time linear in its own length', short, [listType, fc.constantFrom(...HOSTILE)], (type, unit) => {
    const toText = (length: number) => unit.repeat(Math.ceil(length / unit.length));
    expect(
      toShortGrowth((entry) => open(type, [entry, entry, 'a']).find({ type: 'url', value: 'http://a' }), toText),
    ).toBeLessThan(MOST_GROWTH);
  });
});

const PATTERNS = ['(a|a)*b', '.*.*.*=x', '(x+x+)y', '(?:a?){100}b', '[ab]*a[ab]{12}c', '(a|ab|b)*c', '^(.*a){9}$'];

describe('a regular expression', () => {
  testCostly(
    'takes time linear in a value, where other engines take far more',
    { ...short, why: 'values of 10,000 characters' },
    [fc.subarray(PATTERNS, { minLength: 1 }), fc.stringMatching(/^[abx.]{1,3}$/)],
    (patterns, unit) => {
      const lists = open('regex', patterns);
      const toText = (length: number) => unit.repeat(length).slice(0, length);
      const find = (value: string) => lists.find({ type: 'url', value });
      expect(growthOf(find, toText(2_500), toText(10_000))).toBeLessThan(MOST_GROWTH);
    },
  );
});
