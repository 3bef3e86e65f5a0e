import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HashKey } from '../../../src/core/observables/sip-hash.ts';
import { HASH_WORDS, sipHash } from '../../../src/core/observables/sip-hash.ts';

const KEY: HashKey = [0x03020100, 0x07060504];
const BITS = HASH_WORDS * 32;

function toWords(text: string, key = KEY): number[] {
  const words = new Uint32Array(HASH_WORDS);
  sipHash(text, key, words);
  return [...words];
}

function countBits(words: readonly number[]): number {
  return words.reduce((sum, word) => sum + word.toString(2).replaceAll('0', '').length, 0);
}

/** How many bits differ. */
const compare = (one: readonly number[], other: readonly number[]) =>
  countBits(one.map((word, at) => (word ^ (other[at] ?? 0)) >>> 0));

test('the same text and key give the same hash', () => {
  expect(toWords('http://panel.example/')).toEqual(toWords('http://panel.example/'));
});

test.each([
  ['', '\0'],
  ['a', 'a\0'],
  ['ab', 'ba'],
  ['aab', 'aba'],
  ['\u0100', '\u0001'],
  ['a\u0100', 'a\u0001'],
])('%j and %j have different hashes', (one, other) => {
  expect(toWords(one)).not.toEqual(toWords(other));
});

test('each word depends on each character and on the key', () => {
  const texts = fc.sample(fc.tuple(fc.string({ minLength: 1, maxLength: 40 }), fc.nat()), { numRuns: 2_000, seed: 1 });
  const [changed, rekeyed] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  for (const [text, pick] of texts) {
    const at = pick % text.length;
    const other = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << (pick % 16))) + text.slice(at + 1);
    const [words, others, rekeyedWords] = [toWords(text), toWords(other), toWords(text, [KEY[0], KEY[1] ^ (1 << (pick % 32))])];
    for (let word = 0; word < HASH_WORDS; word += 1) {
      changed[word] = (changed[word] ?? 0) + compare(words.slice(word, word + 1), others.slice(word, word + 1));
      rekeyed[word] = (rekeyed[word] ?? 0) + compare(words.slice(word, word + 1), rekeyedWords.slice(word, word + 1));
    }
  }
  // Half of the bits, as if the hashes had nothing in common.
  for (const sum of [...changed, ...rekeyed]) expect(Math.abs(sum / texts.length - 16)).toBeLessThan(0.5);
  expect(BITS).toBe(96);
});
