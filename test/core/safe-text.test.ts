import { describe, expect, test } from 'vitest';
import { cut, toSafeJson, toVisible } from '../../src/core/safe-text.ts';

// Controls (C0, DEL, C1), the line separators, the marks that turn the direction of what is seen, and what nobody sees.
const OBEYED = ['\u0000', '\u001B', '\u007F', '\u0080', '\u009B', '\u009F', '\u061C', '\u200E', '\u200F'].concat([
  '\u2028',
  '\u2029',
  '\u202A',
  '\u202E',
  '\u2066',
  '\u2069',
  ...['\u00AD', '\u034F', '\u115F', '\u180E', '\u200B', '\u200C', '\u200D', '\u2060', '\u2065', '\u206A', '\u3164'],
  ...['\uFE0F', '\uFEFF', '\uFFA0', '\uFFF9', '\u{1D173}', '\u{E0000}', '\u{E0041}', '\u{E007F}', '\u{E0100}'],
]);
const HARMLESS = [' ', '~', '\u00A0', '\u0301', '\u061B', '\u2027', '\u202F', '\uFFFC', '\u{1F600}'];

describe('toSafeJson', () => {
  test('escapes what a terminal would obey or that reorders what is seen', () => {
    const escapes = OBEYED.map(
      (character) => `"${character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`,
    );
    expect(OBEYED.map((character) => toSafeJson(character))).toEqual(escapes);
  });

  test('writes everything else as JSON.stringify does', () => {
    expect(HARMLESS.map((character) => toSafeJson(character))).toEqual(HARMLESS.map((character) => JSON.stringify(character)));
    expect(toSafeJson('\b\t\n\f\r"\\')).toBe('"\\b\\t\\n\\f\\r\\"\\\\"');
  });

  test('escapes in keys too', () => {
    expect(toSafeJson({ 'a\u202Eb': 1 })).toBe('{"a\\u202eb":1}');
  });

  test('is laid out as JSON.stringify lays it out', () => {
    const value = { a: ['x\ny', {}], b: [], c: { d: null } };
    expect(toSafeJson(value, 2)).toBe(JSON.stringify(value, null, 2));
  });
});

describe('toVisible', () => {
  test('puts U+FFFD where a terminal would obey', () => {
    expect(toVisible([...OBEYED, '\n', '\t'].join('a'))).toBe(['', ...OBEYED, ''].map(() => '\uFFFD').join('a'));
  });

  test('puts U+FFFD where half a surrogate pair stands', () => {
    expect(toVisible('a\uD83Db\uDE00c\u{1F600}')).toBe('a\uFFFDb\uFFFDc\u{1F600}');
  });

  test('leaves everything else as it is', () => {
    expect(toVisible(HARMLESS.join(''))).toBe(HARMLESS.join(''));
  });
});

describe('cut', () => {
  test('leaves a text that fits as it is', () => {
    const texts = ['', 'abc', '\u{1F600}', '\uD800', 'a\uD800'];
    expect(texts.map((text) => cut(text, text.length))).toEqual(texts);
    expect(texts.map((text) => cut(text, 4))).toEqual(texts);
  });

  test('cuts a longer one to the length', () => {
    expect([cut('abc', 0), cut('abc', 2)]).toEqual(['', 'ab']);
  });

  test('drops a pair that would be halved', () => {
    expect([cut('a\u{1F600}b', 2), cut('a\u{1F600}b', 3), cut('\u{1F600}\u{1F600}', 3)]).toEqual([
      'a',
      'a\u{1F600}',
      '\u{1F600}',
    ]);
  });
});
