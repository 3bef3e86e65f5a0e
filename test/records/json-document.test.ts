import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import type { ForcedJsonFormat } from '../../src/records/json-document.ts';
import { readJsonDocument } from '../../src/records/json-document.ts';
import { findTooDeep } from '../../src/records/json-depth.ts';
import { recogniseDocument } from '../../src/records/json-formats.ts';
import { collect, named } from './collect.ts';

async function refusalOf(text: string, forced?: ForcedJsonFormat): Promise<string | undefined> {
  const reading = collect();
  try {
    await readJsonDocument(text, reading, forced && { forced });
  } catch (thrown) {
    if (!(thrown instanceof CctError)) throw thrown;
    expect(reading.findings).toEqual([]);
    return `${thrown.code}: ${thrown.message}`;
  }
  return undefined;
}

test.each([
  ['typed observables', [{ type: 'ip', value: '192.0.2.1' }]],
  ['typed observables', [7, { type: 'ip', value: '' }]],
  ['typed observables', []],
  ['typed observables', { observables: [] }],
  ['typed observables', { type: 'ip', value: '192.0.2.1' }],
  ['typed observables', [{ type: 'ip', value: '192.0.2.1', errors: [] }]],
  ['a relay answer', { data: {} }],
  ['a relay answer', { data: { verdicts: { count: 0, docs: [] } } }],
  ['a relay answer', { errors: [{ type: 'fatal', code: 'unknown', message: 'x' }] }],
  ['STIX', { type: 'bundle', id: 'bundle--1', objects: [] }],
  ['STIX', { type: 'url', id: 'url--1', value: 'http://panel.example/' }],
  ['STIX', [{ type: 'url', id: 'url--1', value: 'http://panel.example/' }]],
  ['STIX', { more: false, objects: [{ type: 'indicator', pattern: '[]' }] }],
  ['MISP', { Event: { info: 'x' } }],
  ['MISP', { response: [{ Event: { info: 'x', Attribute: [] } }] }],
  ['MISP', { response: { Attribute: [{ type: 'ip-dst', value: '192.0.2.1' }] } }],
  ['MISP', [{ Event: { Object: [{}] } }]],
  ['MISP', [{ type: 'ip-dst', value: '192.0.2.1' }]],
  ['MISP', [{ Object: { Attribute: [{ type: 'url', value: 'http://panel.example/' }] } }]],
  ['MISP', [{ type: 'domain', value: 'panel.example', to_ids: true }]],
  ['MISP', { type: 'domain|ip', value: 'panel.example|192.0.2.1' }],
  ['CTIM', { type: 'bundle', source: 'x', judgements: [] }],
  ['CTIM', { type: 'bundle', id: 'bundle--1', judgements: [] }],
  ['STIX', { type: 'bundle', id: 'bundle--1' }],
  ['CTIM', { sightings: [{ type: 'sighting', observables: [] }] }],
  ['CTIM', { type: 'verdict', observable: { type: 'ip', value: '192.0.2.1' } }],
  ['CTIM', [{ type: 'casebook', observables: [{ type: 'ip', value: '192.0.2.1' }] }]],
  ['CTIM', { type: 'sighting', observables: [{ type: 'ip', value: '192.0.2.1' }] }],
  ['JSON strings', ['x']],
])('%s is told by %j', (title, document) => {
  expect(recogniseDocument(document).title).toBe(title);
});

test.each([
  [{ Event: 'logon', response: 'ok' }],
  [{ Event: {} }],
  [{ Event: { Attribute: {}, info: 'x' } }],
  [{ response: [], page: 1 }],
  [{ data: { notes: { docs: [] } } }],
  [{ response: [{ status: 200 }] }],
  [{ Attribute: [{ name: 'x' }] }],
  [{ Object: { name: 'x', Attribute: [{ name: 'x' }] } }],
  [{ Object: [{ type: 'ip', value: '192.0.2.1' }] }],
  [{ errors: [], data: { verdicts: [] } }],
  [{ errors: ['x'] }],
  [{ data: { verdicts: { docs: [] } }, page: 1 }],
  [{ data: [] }],
  [{ type: 'bundle' }],
  [{ type: 'sighting', sensor: 'x' }],
  [{ sightings: [], name: 'x' }],
  [{ verdicts: 7, sightings: [{ type: 'sighting', observables: [] }] }],
  [{ type: 'indicator', id: 'x' }],
  [{ event_type: 'alert', src_ip: '192.0.2.1', verdict: { action: 'alert' } }],
  [{ objects: [{ type: 'x' }] }],
  [['x', 7]],
  [{ constructor: 1, toString: 2 }],
  ['x'],
  [7],
  [null],
  [true],
] as unknown[][])('%j is any other JSON', (document) => {
  expect(recogniseDocument(document).title).toBe('JSON');
});

test.each([
  ['{"a":\n 1,\n  ]', ':3:3'],
  ['[{"type":"ip"', ':1:14'],
  ['[1,]', ':1:4'],
  ['// x\n[]', ':1:1'],
  ['["\n"]', ':1:2'],
  ['', ':1:1'],
])('broken JSON is refused with its place: %j', async (text, place) => {
  expect(await refusalOf(text)).toBe(`input: in.json${place}: invalid JSON; read it as text with --input-format text`);
});

test('several documents in one file name what to do', async () => {
  expect(await refusalOf('{"a": 1}\n{"b": 2}')).toBe(
    'input: in.json:2:1: invalid JSON; several documents: write one object per line (jq -c .)',
  );
});

test.each([
  ['[', ':1:1000'],
  ['{"a":', ':1:4996'],
  ['[\n', ':1000:1'],
  ['["]\\"[",', ':1:7993'],
])('a thousand levels of %j are refused with their place, broken or not', async (opening, place) => {
  const refusal = `input: in.json${place}: JSON nested 1,000 levels deep; read it as text with --input-format text`;
  expect(await refusalOf(opening.repeat(1_000))).toBe(refusal);
  expect(await refusalOf(opening.repeat(200_000))).toBe(refusal);
});

test('999 levels are read, in order', async () => {
  const reading = collect();
  const text = '["192.0.2.1",{"a":'.repeat(499) + '["198.51.100.1"]' + '},"192.0.2.9"]'.repeat(499);
  await readJsonDocument(text, reading);
  const repeat = (value: string) => Array<string>(499).fill(value);
  const found = [...repeat('192.0.2.1'), '198.51.100.1', ...repeat('192.0.2.9')];
  expect(reading.findings.map(({ value }) => value)).toEqual(found);
});

test('five million values are too many, which would take gigabytes', async () => {
  const text = `[${'{},'.repeat(5_000_000)}{}]`;
  await expect(readJsonDocument(text, collect())).rejects.toThrow(
    "in.json: more than 5,000,000 values; write one JSON object per line (jq -c '.[]')",
  );
});

test('brackets in strings are no levels', () => {
  expect(findTooDeep(JSON.stringify({ a: '['.repeat(2_000), b: '\\"{'.repeat(2_000) }))).toBe(-1);
});

test.each([
  ['json', '{"a":1}', 'an array of {type, value}, or an object with an "observables" array'],
  ['json', '{"type":"ip","value":"192.0.2.1"}', 'an array of {type, value}, or an object with an "observables" array'],
  ['stix', '{}', 'a STIX bundle, or STIX objects'],
  ['misp', '{"Event":1}', 'a MISP event, or a list of events or attributes'],
] as const)('forced %s refuses %s', async (forced, text, expected) => {
  expect(await refusalOf(text, forced)).toBe(`input: in.json: expected ${expected}. Leave --input-format out`);
});

test('forced json takes any array for observables', async () => {
  expect(await refusalOf('["192.0.2.1"]', 'json')).toBe(
    'input: in.json: observables[0]: expected an object with type and value. Correct it, or read all strings with --input-format records',
  );
  const reading = collect();
  await readJsonDocument('[{"type":"ip-dst","value":"192.0.2.1"}]', reading, { forced: 'json' });
  expect(named(reading.findings)).toEqual(['ip-dst 192.0.2.1']);
});

test('forced records searches the strings of anything', async () => {
  const reading = collect();
  await readJsonDocument('[{"type":"sha256","value":"http://panel.example/x"}]', reading, { forced: 'records' });
  expect(named(reading.findings)).toEqual(['url http://panel.example/x']);
});

const WORDS = [
  'type',
  'value',
  'id',
  'objects',
  'pattern',
  'observable',
  'observables',
  'Event',
  'Attribute',
  'Object',
  'response',
  'data',
  'errors',
  'docs',
  'verdicts',
  'sightings',
  'relations',
  'category',
  'bundle',
  'indicator',
  'sighting',
  'ip-dst',
  'domain|ip',
  '__proto__',
  'constructor',
  '192.0.2.1',
  '192.0.2.0/24',
  'panel.example',
  "[url:value = 'http://panel.example/']",
  '[[',
  '',
];

const { document } = fc.letrec((tie) => ({
  document: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(...WORDS),
    fc.jsonValue({ maxDepth: 1 }),
    fc.array(tie('document'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...WORDS), tie('document'), { maxKeys: 6 }),
  ),
}));

test('random documents of known keys are read, or refused as input', async () => {
  await fc.assert(
    fc.asyncProperty(
      document,
      fc.constantFrom<(ForcedJsonFormat | undefined)[]>(undefined, 'json', 'stix', 'misp', 'records'),
      async (value, forced) => {
        const refusal = await refusalOf(JSON.stringify(value), forced);
        expect(refusal ?? 'input: in.json: ').toMatch(/^input: in\.json: /);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('random text is read, or refused with a place', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: fc.constantFrom(...'[]{}",:\\1e-\n tu'.split('')) }), async (text) => {
      expect((await refusalOf(text)) ?? 'input: in.json:1:1').toMatch(/^input: in\.json:(?:\d+:\d+| observables)/);
    }),
    { numRuns: 2_000 },
  );
});
