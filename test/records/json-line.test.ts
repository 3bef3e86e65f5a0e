import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonEvents } from '../../src/records/json-events.ts';
import { collect } from './collect-lines.ts';

const toLine = (event: unknown) => JSON.stringify(event);

describe('lines that cannot be read', () => {
  test('are noted, and the others are read', () => {
    const result = collect(jsonEvents, '{"dest_ip":"192.0.2.1"}\n\n{no json\n{"dest_ip":"192.0.2.2"}\n{"dest_ip":"192.0.', {
      size: 2,
    });
    expect(result.found).toEqual(['ip 192.0.2.1', 'ip 192.0.2.2']);
    expect(result.notes).toEqual(['3: invalid JSON: the line is left out', '5: invalid JSON: the line is left out']);
    expect(result.count).toBe(2);
  });

  test.each([
    [11, '1 more line that is no readable JSON'],
    [2_345, '2,335 more lines that are no readable JSON'],
  ])('of %i the first ten are named', (count, last) => {
    const { notes } = collect(jsonEvents, 'x\n'.repeat(count));
    expect(notes).toHaveLength(11);
    expect(notes.at(-1)).toBe(last);
  });

  test('include what is nested too deeply, not brackets in strings', () => {
    const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}"192.0.2.1"${'}]'.repeat(depth / 2)}`;
    const strings = toLine({ a: '[{"\\'.repeat(3000), b: '192.0.2.2' });
    const result = collect(jsonEvents, [nested(998), nested(1000), '['.repeat(1_000_000), strings].join('\n'));
    expect(result.found).toEqual(['ip 192.0.2.1', 'ip 192.0.2.2']);
    const note = 'JSON nested 1,000 levels deep: the line is left out';
    expect(result.notes).toEqual([`2: ${note}`, `3: ${note}`]);
  });
});

test('a line of text among events is searched, unless fields are chosen', () => {
  const text = 'server at http://a.example/ started\n{"dest_ip":"192.0.2.1"}';
  expect(collect(jsonEvents, text)).toMatchObject({
    found: ['url http://a.example/', 'ip 192.0.2.1'],
    notes: ['1: no JSON: the line is read as text'],
  });
  expect(collect(jsonEvents, text, { fields: ['dest_ip'] })).toMatchObject({
    found: ['ip 192.0.2.1'],
    notes: ['1: no JSON: the line is left out'],
  });
});

test('any JSON is read, and each address in it is found', () => {
  const json = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(json, fc.string(), fc.string(), (value, key, other) => {
      const { error, found: addresses } = collect(jsonEvents, toLine({ [key]: value, [`${other}x`]: { deep: ['192.0.2.1'] } }));
      expect(error).toBeUndefined();
      expect(addresses).toContain('ip 192.0.2.1');
    }),
  );
});

test('no line makes it fail', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom(...'{}[]":,\\a1. -'.split('')) }), { maxLength: 5 }), (lines) => {
      expect(collect(jsonEvents, lines.join('\n')).error).toBeUndefined();
    }),
  );
});

test('a line of many objects takes linear time', () => {
  const start = performance.now();
  const events = Array.from({ length: 50_000 }, (_, at) => ({ host: `a${at}.example`, uri: '/x', [`k${at}`]: 1 }));
  expect(collect(jsonEvents, toLine(events)).found).toHaveLength(50_000);
  expect(performance.now() - start).toBeLessThan(5_000);
});
