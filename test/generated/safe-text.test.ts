import fc from 'fast-check';
import { describe, expect } from 'vitest';
import * as z from 'zod/mini';
import { CctError } from '../../src/core/errors.ts';
import { parseItem } from '../../src/core/observables/item.ts';
import { cut, toSafeJson, toVisible } from '../../src/core/safe-text.ts';
import { observablesSchema } from '../../src/relay/docs/openapi-schemas.ts';
import { parseReply } from '../../src/tracker/live/reply.ts';
import { testProperty } from './cases.ts';
import { mutated } from './mutations.ts';
import { anyRun, anyText, OBEYED } from './texts.ts';

describe('text from outside', () => {
  testProperty(
    'as JSON parses to the same value and has nothing that a terminal obeys',
    [fc.jsonValue({ stringUnit: 'binary', maxDepth: 2 }), anyText],
    (value, text) => {
      const json = toSafeJson([value, text, { [text]: 1 }], 2);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify([value, text, { [text]: 1 }])));
      expect(json.replaceAll('\n', '')).not.toMatch(OBEYED);
    },
  );

  testProperty('made visible has nothing that a terminal obeys, and is otherwise unchanged', [anyText], (text) => {
    const visible = toVisible(text);
    const shown = Array.from(visible);
    expect(visible.isWellFormed() && !OBEYED.test(visible) && shown.length === Array.from(text).length).toBe(true);
    const changed = Array.from(text).filter((character, at) => shown[at] !== character);
    expect(changed.filter((character) => character.isWellFormed() && !OBEYED.test(character))).toEqual([]);
  });

  testProperty(
    'cut is as long as allowed or one unit less, and never ends in half a character',
    [fc.string({ unit: 'binary' }), fc.nat(20)],
    (text, maxLength) => {
      const start = cut(text, maxLength);
      expect(start.isWellFormed() && text.startsWith(start)).toBe(true);
      expect(start.length).toBeLessThanOrEqual(maxLength);
      expect(start.length).toBeGreaterThanOrEqual(Math.min(text.length, maxLength - 1));
    },
  );
});

describe('a reply of the tracker', () => {
  testProperty('with any family is a listing, safe and short', [fc.oneof(anyText, anyRun)], (family) => {
    const reply = parseReply(JSON.stringify({ message: `Malicious: ${family}` }), 'Unknown url');
    const texts = reply.status === 'listed' ? [reply.message, reply.family] : [];
    expect(texts.map((text) => text.length <= 1024 && text.isWellFormed() && !OBEYED.test(text))).toEqual([true, true]);
  });

  const sound = fc
    .constantFrom('Malicious', 'Malicious: Pony', 'Unknown url', 'unknown url', 'Malicious\n')
    .map((message) => JSON.stringify({ success: true, message }));

  testProperty(
    'of any kind is unlisted only when it says exactly that, else a listing or an error',
    [fc.oneof(anyText, mutated(sound, anyText))],
    (body) => {
      try {
        const { status } = parseReply(body, 'Unknown url');
        const { message } = JSON.parse(body.replace(/^\uFEFF/, '')) as { message: string };
        expect(status === 'unlisted').toBe(message === 'Unknown url');
        if (status === 'listed') expect(message.startsWith('Malicious')).toBe(true);
      } catch (thrown) {
        if (!(thrown instanceof CctError)) throw thrown;
        expect([thrown.code, OBEYED.test(thrown.rawExtract ?? '')]).toEqual(['unintelligible', false]);
      }
    },
  );
});

const field = fc.oneof({ weight: 6, arbitrary: fc.string() }, fc.integer(), fc.constant(null));

testProperty(
  'an item of a request is valid exactly when its schema says so',
  [
    fc.oneof(
      fc.record({ type: field, value: field, x: field }),
      fc.record({ type: field, value: field }, { requiredKeys: [] }),
      fc.anything({ maxDepth: 1 }),
    ),
  ],
  (value) => {
    let isTaken = true;
    try {
      parseItem(value, '');
    } catch (thrown) {
      isTaken = !(thrown instanceof CctError);
    }
    expect(z.safeParse(observablesSchema, [value]).success).toBe(isTaken);
  },
);
