import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { toCanonical, triage } from '../../../src/core/observables/observable.ts';

const vectorSchema = z.strictObject({
  observable: z.strictObject({ type: z.string(), value: z.string() }),
  key: z.nullable(z.string()),
  skip: z.nullable(z.string()),
});

function keyAndSkip(type: string, value: string) {
  const { question, skip } = triage(toCanonical({ type, value }));
  return { key: question ? question.key : null, skip };
}

/** What becomes of each url, as `key` when it is asked, `skip: key` or `skip` when it is not. */
function fatesOf(values: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    values.map((value) => {
      const { key, skip } = keyAndSkip('url', value);
      return [value, [skip, key].filter((part) => part !== null).join(': ')];
    }),
  );
}

describe('the agreed cases', () => {
  const vectors = readFileSync(new URL('../../vectors/keys.ndjson', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => z.parse(vectorSchema, JSON.parse(line)));

  test('are all there', () => {
    expect(vectors).toHaveLength(68);
  });

  test('have the agreed lookup key and fate', () => {
    expect(vectors.map(({ observable }) => ({ observable, ...keyAndSkip(observable.type, observable.value) }))).toEqual(vectors);
  });
});

describe('the lookup key of a url', () => {
  test('is the trimmed value without one leading scheme', () => {
    const table = {
      ' \u3000hTTp://panel.example/a\u00A0': 'panel.example/a',
      'h2+x.y-z://panel.example': 'panel.example',
      'panel.example/http://x': 'panel.example/http://x',
      'panel.example?http://x': 'panel.example?http://x',
      'http://panel.example:8080': 'panel.example:8080',
      'http://panel.example:/': 'panel.example:/',
      'http://panel.example:99999/': 'panel.example:99999/',
      'http://panel.example./': 'panel.example./',
      'http://panel.example/%0a%zz': 'panel.example/%0a%zz',
      'http://p%61nel.example/': 'p%61nel.example/',
      'http://panel。example/': 'panel。example/',
      'http://xn--bcher-kva.example': 'xn--bcher-kva.example',
      'http://panel.example/\u{1F600}': 'panel.example/\u{1F600}',
      '192.0.2.1': '192.0.2.1',
      '2001:db8::1': '2001:db8::1',
      'http://[::ffff:192.0.2.1]:81/': '[::ffff:192.0.2.1]:81/',
    };
    expect(fatesOf(Object.keys(table))).toEqual(table);
  });

  test('keeps a second scheme, whose name is then a single label', () => {
    expect(fatesOf(['http://http://panel.example'])).toEqual({ 'http://http://panel.example': 'private: http://panel.example' });
  });
});

describe('a url', () => {
  test('without a host is invalid, with the reason', () => {
    const values = [
      '',
      '  ',
      'http://',
      'http:///x',
      'http://?x',
      'http://#x',
      'http://:80/',
      '://panel.example',
      '//panel.example',
    ];
    const expected = { question: null, skip: 'invalid', detail: 'the URL has no host' };
    expect(values.map((value) => triage({ type: 'url', value }))).toEqual(values.map(() => expected));
  });

  test('with user information carries credentials', () => {
    const table = {
      'http://user@panel.example/': 'credentials: user@panel.example/',
      'http://user:secret@panel.example/': 'credentials: user:secret@panel.example/',
      'http://:secret@panel.example/': 'credentials: :secret@panel.example/',
      'http://@panel.example/': 'credentials: @panel.example/',
      'http://a@b@panel.example/': 'credentials: a@b@panel.example/',
      'http://panel.example:80@other.example/': 'credentials: panel.example:80@other.example/',
      'http://user@10.0.0.8/': 'credentials: user@10.0.0.8/',
      'a@b': 'credentials: a@b',
    };
    expect(fatesOf(Object.keys(table))).toEqual(table);
  });

  test('with an @ after its authority carries none', () => {
    const table = {
      'http://panel.example/@x': 'panel.example/@x',
      'http://panel.example?u=a@b.example': 'panel.example?u=a@b.example',
      'http://panel.example#a@': 'panel.example#a@',
    };
    expect(fatesOf(Object.keys(table))).toEqual(table);
  });

  test('with a private host behind an @ before the first slash is private, for some parsers ask that', () => {
    const table = {
      'http://panel.example?u=a@10.0.0.8/': 'private: panel.example?u=a@10.0.0.8/',
      'http://panel.example#@wiki.corp:80/': 'private: panel.example#@wiki.corp:80/',
      'http://panel.example#@10.0.0.8,/': 'private: panel.example#@10.0.0.8,/',
      'panel.example#a@b': 'private: panel.example#a@b',
      'http://panel.example?@10.0.0.8\\@ok.example/': 'private: panel.example?@10.0.0.8\\@ok.example/',
      'http://panel.example?@%31%30.0.0.8&x/': 'private: panel.example?@%31%30.0.0.8&x/',
      'http://panel.example?@"10.0.0.8"/': 'private: panel.example?@"10.0.0.8"/',
      'http://panel.example?\uFF2010.0.0.8/': 'private: panel.example?\uFF2010.0.0.8/',
    };
    expect(fatesOf(Object.keys(table))).toEqual(table);
  });

  test('with a private or internal host is private, however it is spelled', () => {
    const table = {
      'http://10.0.0.8:8080/x': 'private: 10.0.0.8:8080/x',
      'http://10.0.0.8 /x': 'private: 10.0.0.8 /x',
      '10。0。0。8': 'private: 10。0。0。8',
      'http://%31%30.0.0.8/': 'private: %31%30.0.0.8/',
      '::1': 'private: ::1',
      'http://[::ffff:a00:8]:80/': 'private: [::ffff:a00:8]:80/',
      'http://[64:ff9b::10.0.0.8]/': 'private: [64:ff9b::10.0.0.8]/',
      'http://localhost../': 'private: localhost../',
      'http://[2002:a00:8::]/': 'private: [2002:a00:8::]/',
      'http://[64:ff9b:1::10.0.0.8]/': 'private: [64:ff9b:1::10.0.0.8]/',
      'http://wiki.corp.:81/': 'private: wiki.corp.:81/',
    };
    expect(fatesOf(Object.keys(table))).toEqual(table);
  });

  test('that is skipped says why', () => {
    const details = ['http://user@panel.example/', 'http://wiki.corp/'].map((value) => triage({ type: 'url', value }));
    expect(details).toEqual([
      {
        question: { type: 'url', key: 'user@panel.example/' },
        skip: 'credentials',
        detail: 'the URL contains a user or password',
      },
      { question: { type: 'url', key: 'wiki.corp/' }, skip: 'private', detail: 'the host is private or internal' },
    ]);
  });
});

describe('a value that cannot be asked', () => {
  test('has no host, or one that may hide a private address', () => {
    const values = [
      ['http://10[.]0[.]0[.]8/', 'http://[10.0.0.8]/', '10.0.0.8%20/x', 'http://[::1', '999.1.1.1/x', 'http://.../'],
      ['http://10(.)0(.)0(.)8/', 'http://10.0.0.8,/', '10.0.0.8*/', 'http://a.example,http://10.0.0.8/', 'http://a%40b/'],
      [
        `http://${'a'.repeat(254)}/`,
        `${'a.'.repeat(126)}aa/`,
        `http://${String.fromCodePoint(...Array.from({ length: 100 }, (_, at) => 0x4e00 + 40 * at))}.example/`,
        `${'a.'.repeat(600)}b/`,
      ],
    ].flat();
    const expected = { question: null, skip: 'invalid', detail: 'the host is invalid' };
    expect(values.map((value) => triage({ type: 'url', value }))).toEqual(Array(values.length).fill(expected));
    expect(triage({ type: 'url', value: `http://${'a.'.repeat(126)}a/` }).skip).toBeNull();
  });

  test('has a port that is not a number', () => {
    const values = ['panel.example:x/', 'http://panel.example:http://10.0.0.8/', 'mailto:10.0.0.8'];
    const expected = { question: null, skip: 'invalid', detail: 'the port is not a number' };
    expect(values.map((value) => triage({ type: 'url', value }))).toEqual(Array(values.length).fill(expected));
  });

  test('has an empty port before two slashes, which would make a scheme of its host', () => {
    const values = [
      'http://x.y://10.0.0.8/',
      'http://a.example://u:p@10.0.0.8/',
      'http://_x.y://panel.example/',
      'a.example://b',
    ];
    const fates = values.map((value) => triage({ type: 'url', value }));
    expect(fates.slice(0, 3)).toEqual(Array(3).fill({ question: null, skip: 'invalid', detail: 'the port is empty' }));
    // Here it is the one scheme.
    expect(fates[3]?.question?.key).toBe('b');
  });

  test('has another host for WHATWG URL than for RFC 3986', () => {
    const values = [
      ['http://panel.example\\@10.0.0.8/', 'http://10.0.0.8\\@panel.example/', 'http://10.0.0.8\\x', 'panel.example\\'],
      ['http:/10.0.0.8/', 'HTTPS:10.0.0.8', 'http:\\\\10.0.0.8\\', 'ftp:80/x'],
    ].flat();
    const fates = values.map((value) => triage({ type: 'url', value }).skip);
    expect(fates).toEqual(Array(values.length).fill('invalid'));
  });

  test('holds a control character: C0, DEL or C1', () => {
    const codes = [...Array(0x20).keys(), ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index)];
    const values = codes.map((code) => `http://panel.example/${String.fromCharCode(code)}x`);
    const expected = { question: null, skip: 'invalid', detail: 'the value contains a control character' };
    expect(values.map((value) => triage({ type: 'url', value }))).toEqual(Array(65).fill(expected));
  });

  test('holds half a surrogate pair, in an ip too', () => {
    const expected = { question: null, skip: 'invalid', detail: 'the value contains an unpaired surrogate' };
    const values = ['panel.example/\uD800', 'panel.example/\uDC00x', 'panel.example/\uDE00\uD83D', '\uDFFF'];
    expect(values.map((value) => triage({ type: 'url', value }))).toEqual(values.map(() => expected));
    expect(triage({ type: 'ip', value: '192.0.2.1\uD800' })).toEqual(expected);
  });

  test('does not hold the neighbours of the control characters', () => {
    expect(fatesOf(['panel.example/ ~\u00A0x'])).toEqual({ 'panel.example/ ~\u00A0x': 'panel.example/ ~\u00A0x' });
  });
});
