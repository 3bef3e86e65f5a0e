import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../src/core/lookups/tracker.ts';
import type { AnswerStore } from '../../../src/tracker/cache/answer-store.ts';

const answeredAt = new Date('2026-03-01T12:34:56.789Z');
const unlisted: Answer = { status: 'unlisted', source: 'live', answeredAt };

function toListed(family: string, more: { firstListed?: string } = {}): Answer {
  return { status: 'listed', message: `Malicious: ${family}`, family, source: 'live', answeredAt, ...more };
}

/** What every store must do. `open` returns an empty one that closes with the test. */
export function describeStoreContract(what: string, open: () => AnswerStore | Promise<AnswerStore>): void {
  describe(`${what}, like any store,`, () => {
    test('returns nothing that was not set', async () => {
      const store = await open();
      await store.set('a.example', unlisted);
      expect([await store.get('b.example'), await store.get('')]).toEqual([undefined, undefined]);
    });

    test.each<[string, Answer]>([
      ['a listing', toListed('Pony')],
      ['a listing without a family', toListed('')],
      ['a listing with its date', toListed('Pony', { firstListed: '2024-02-29' })],
      ['what is not listed', unlisted],
      ['what came from a cache', { ...unlisted, source: 'cache' }],
      ['a moment before 1970', { ...unlisted, answeredAt: new Date(-1) }],
      ['quotes, lines and controls', toListed('"\\\'\r\n\t\u0000\u001b[31m')],
      ['texts in any script', toListed('ąß漢字\u{1F9EA}\u200f')],
      ['half a surrogate pair', toListed('\uD800')],
      ['a long text', toListed('A'.repeat(1024))],
    ])('returns %s as it was set', async (_which, answer) => {
      const store = await open();
      await store.set('a.example', answer);
      expect(await store.get('a.example')).toStrictEqual(answer);
    });

    test('returns what was set last', async () => {
      const store = await open();
      for (const answer of [toListed('Pony', { firstListed: '2024-02-29' }), unlisted, toListed('Zeus')]) {
        await store.set('a.example', answer);
      }
      expect(await store.get('a.example')).toStrictEqual(toListed('Zeus'));
    });

    test('distinguishes keys by every character', async () => {
      const keys = [
        'a.example',
        'A.example',
        'a.example ',
        'a.example/',
        'a.example/x',
        'a.example/X',
        'a.example/x?a=1&b=2',
        'a.example/x%2F',
        'a.example/../x',
        '../a.example',
        'a.example:x',
        'a.example\u0000',
        'a.example\n',
        '\u00e4.example',
        'a\u0308.example',
        '\u{1F9EA}.example',
        '\uD83E.example',
        '\uDDEA.example',
        '*',
        '__proto__',
        'constructor',
        'toString',
        `${'a'.repeat(300)}.example`,
        `${'a'.repeat(301)}.example`,
      ];
      const store = await open();
      for (const [at, key] of keys.entries()) await store.set(key, toListed(`family ${at}`));
      const got = await Promise.all(keys.map((key) => store.get(key)));
      expect(got).toStrictEqual(keys.map((_, at) => toListed(`family ${at}`)));
    });

    test('stores many answers at once', async () => {
      const store = await open();
      const keys = Array.from({ length: 200 }, (_, at) => `k${at}.example`);
      await Promise.all(keys.map((key) => store.set(key, toListed(key))));
      expect(await Promise.all(keys.map((key) => store.get(key)))).toStrictEqual(keys.map((key) => toListed(key)));
    });
  });
}
