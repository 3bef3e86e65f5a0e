import { describe, expect, test } from 'vitest';
import { createTracker, toListed } from '../core/samples.ts';
import { createRelay } from '../helpers/relay.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { readAnswer } from '../helpers/run-cct.ts';

describe('an unusual but valid body', () => {
  const asked = async (body: string) => {
    const tracker = createTracker(() => Promise.resolve(toListed()));
    const { status, text, json } = await createRelay({ tracker }).ask('POST', '/observe/observables', body);
    expect([status, validateAnswer(json)]).toEqual([200, []]);
    return { keys: tracker.asked, verdicts: readAnswer(text).verdicts };
  };

  test('may have a key twice: the last one counts', async () => {
    expect(await asked('[{"type":"domain","type":"ip","value":"x","value":"192.0.2.1"}]')).toEqual({
      keys: ['192.0.2.1'],
      verdicts: ['192.0.2.1'],
    });
  });

  test('may have __proto__ and constructor keys', async () => {
    const body = '[{"type":"ip","value":"192.0.2.1","__proto__":{"x":1},"constructor":{"prototype":{"y":2}}}]';
    expect(await asked(body)).toEqual({ keys: ['192.0.2.1'], verdicts: ['192.0.2.1'] });
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('may have lone surrogates and zero bytes, which are not looked up', async () => {
    const body = String.raw`[{"type":"url","value":"http://a.example/\ud800"},{"type":"url","value":"http://a.example/\u0000"},{"type":"ip","value":"192.0.2.1"}]`;
    expect(await asked(body)).toEqual({ keys: ['192.0.2.1'], verdicts: ['192.0.2.1'] });
  });

  test('may begin with a byte order mark', async () => {
    expect((await asked('\uFEFF[{"type":"ip","value":"192.0.2.1"}]')).keys).toEqual(['192.0.2.1']);
  });

  test('may have 1,000 observables', async () => {
    const many = Array.from({ length: 1000 }, (_, at) => ({ type: 'url', value: `http://panel.example/${at}` }));
    expect((await asked(JSON.stringify(many))).keys).toHaveLength(1000);
  });

  test('may have a value of 100 kB', async () => {
    const value = `http://panel.example/${'x'.repeat(100_000)}`;
    expect((await asked(JSON.stringify([{ type: 'url', value }]))).verdicts).toEqual([value]);
  });
});
