import { expect, test } from 'vitest';
import { ownJson } from '../../src/records/own.ts';
import { collect, named } from './collect.ts';

function read(document: unknown): { found: string[]; notes: string[] } {
  const reading = collect();
  expect(ownJson.recognise(document)).toBe('a relay answer');
  ownJson.read(document, reading);
  return { found: named(reading.findings), notes: reading.notes };
}

const documents = (...docs: unknown[]): unknown => ({ count: docs.length, docs });
const about = (value: string): unknown => ({ observable: { type: 'ip', value } });
const error = (message: string): unknown => ({ type: 'fatal', code: 'unknown', message });

test('verdicts and judgements, of cct and of other relays', () => {
  const data = {
    verdicts: documents(about('192.0.2.1')),
    judgements: documents(about('192.0.2.1'), about('192.0.2.2'), about('')),
    sightings: documents({ observables: [{ type: 'sha256', value: 'aa' }] }),
    relationships: documents({ source_ref: 'x' }),
  };
  expect(read({ data })).toEqual({
    found: ['ip 192.0.2.1', 'ip 192.0.2.1', 'ip 192.0.2.2', 'sha256 aa'],
    notes: ['data.judgements.docs[2].observable.value: expected a non-empty string'],
  });
});

test('errors name the first observables in their messages', () => {
  const errors = [
    error('The tracker answered 403: 192.0.2.1, http://panel.example/x?a=1, gate.example'),
    error('The tracker is unreachable: connect ECONNREFUSED 192.0.2.9:443'),
    error(`Timeout: 192.0.2.2, http://panel.example/${'x'.repeat(20)}… and 1,200 more`),
    error('[0].type: expected a non-empty string'),
  ];
  expect(read({ errors })).toEqual({
    found: ['ip 192.0.2.1', 'url http://panel.example/x?a=1', 'url gate.example', 'ip 192.0.2.2'],
    notes: [
      'errors[2] shortens an observable; repeat it from the original input',
      'errors[2] leaves 1,200 observables unnamed; repeat them from the original input',
    ],
  });
});

test.each([
  'http://panel.example/a, b',
  '192.0.2.1, http://panel.example/a, b',
  'http://panel.example/?q=a: b',
  'http://panel.example/?q=a: http://b.example/',
  'http://panel.example/a, b, http://b.example/…',
  '192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4, http://a.example/b, c.example',
])('names that cannot be told apart give a note, and no other value: %s', (names) => {
  const notes = ['errors[0] names observables that cannot be told apart; repeat them from the original input'];
  expect(read({ errors: [error(`The tracker answered 403: ${names}`)] })).toEqual({ found: [], notes });
});

test('a URL with a blank is one name', () => {
  const errors = [error('The tracker answered 403: http://panel.example/a b, 192.0.2.1')];
  expect(read({ errors })).toEqual({ found: ['url http://panel.example/a b', 'ip 192.0.2.1'], notes: [] });
});

test.each([[1], [2]])('%i rows are read for their observables alone', (rows) => {
  const row = {
    observable: { type: 'domain', value: 'panel.example' },
    status: 'listed',
    judgement: { source_uri: 'http://x.example/' },
  };
  const reading = collect();
  const document = rows === 1 ? row : [row, { ...row, observable: 7 }];
  expect(ownJson.recognise(document)).toBe("cct's rows");
  ownJson.read(document, reading);
  expect(named(reading.findings)).toEqual(['domain panel.example']);
  expect(reading.notes).toEqual(rows === 1 ? [] : ['[1].observable: expected an object with type and value']);
});

test('an empty answer is empty', () => {
  expect(read({ data: {} })).toEqual({ found: [], notes: [] });
});
