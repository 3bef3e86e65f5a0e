import { describe, expect, test } from 'vitest';
import { createTracker, toListed } from '../core/samples.ts';
import { PANEL, createRelay } from '../helpers/relay.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { readAnswer } from '../helpers/run-cct.ts';

const WARNING = {
  type: 'warning',
  code: 'too many requests',
  message: 'At most 2 observables can be answered in one request; the last 1,001 got no answer: send another request',
};

describe('of more observables than the limit the first are answered, with a warning that counts the others', () => {
  const many = Array.from({ length: 1003 }, (_, at) => ({ type: 'url', value: `http://panel.example/${at}` }));
  const others = [
    { type: 'md5', value: 'x' },
    { type: 'ip', value: '10.0.0.1' },
  ];

  test.each(['/observe/observables', '/deliberate/observables'] as const)('%s', async (path) => {
    const tracker = createTracker(() => Promise.resolve(toListed()));
    const relay = createRelay({ tracker, maxObservables: 2 });
    const { text, json } = await relay.ask('POST', path, [...others.slice(0, 1), ...many]);
    expect(validateAnswer(json)).toEqual([]);
    expect(readAnswer(text).verdicts).toEqual(many.slice(0, 2).map(({ value }) => value));
    expect([readAnswer(text).errors, tracker.asked.length]).toEqual([[WARNING], 2]);
    expect(relay.log.requests[0]?.errorCodes).toEqual(['too many requests']);
  });

  test('links to the search are limited too', async () => {
    const { json } = await createRelay({ maxObservables: 2 }).ask('POST', '/refer/observables', many);
    expect(json).toMatchObject({ data: many.slice(0, 2).map(() => ({ title: 'Search for this URL' })), errors: [WARNING] });
  });

  test('private ones count, since they are of a supported type', async () => {
    const { json } = await createRelay({ maxObservables: 1 }).ask('POST', '/observe/observables', [...others, PANEL]);
    const message = 'At most 1 observable can be answered in one request; the last 1 got no answer: send another request';
    expect(json).toEqual({ errors: [{ ...WARNING, message }] });
  });
});

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

  test('may have any number of other types and repeated observables', async () => {
    const hashes = Array.from({ length: 2000 }, (_, at) => ({ type: 'sha256', value: `${at}` }));
    const address = { type: 'ip', value: '192.0.2.1' };
    const { keys } = await asked(JSON.stringify([...hashes, ...Array.from({ length: 2000 }, () => address)]));
    expect(keys).toEqual([address.value]);
  });

  test('may have a value of 100 kB', async () => {
    const value = `http://panel.example/${'x'.repeat(100_000)}`;
    expect((await asked(JSON.stringify([{ type: 'url', value }]))).verdicts).toEqual([value]);
  });
});
