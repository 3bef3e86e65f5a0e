import { expect, test } from 'vitest';
import { findDocumentLines } from '../../src/records/document-lines.ts';
import { runMain } from '../helpers/run-cct.ts';
import { collect } from './collect-lines.ts';

const toText = (...documents: unknown[]) => documents.map((document) => `${JSON.stringify(document)}\n`).join('');

function read(text: string, forced?: 'stix' | 'misp') {
  const found = findDocumentLines({ name: 'a.ndjson', text, lines: text.split('\n') }, forced);
  if (!found) throw new Error('not recognised');
  return { title: found.title, unit: found.format.unit, ...collect(found.format, text) };
}

const toAttribute = (value: string, more: object = {}) => ({ type: 'domain', value, category: 'Network activity', ...more });
const toIndicator = (number: number, pattern: string, more: object = {}) => ({
  type: 'indicator',
  id: `indicator--${number}`,
  pattern,
  pattern_type: 'stix',
  ...more,
});
const EVENT = { Event: { info: 'x', Attribute: [toAttribute('panel.example'), toAttribute('gone.example', { deleted: true })] } };
const INDICATORS = [
  toIndicator(1, "[ipv4-addr:value = '192.0.2.1']"),
  toIndicator(2, "[ipv4-addr:value != '192.0.2.2' OR url:value = 'http://panel.example/']"),
  toIndicator(3, "[ipv4-addr:value = '192.0.2.3']", { revoked: true }),
];

test.each([
  ['MISP', 'attribute', 3, toText(EVENT, toAttribute('gate.example'))],
  ['STIX', 'object', 3, toText(...INDICATORS)],
  ['STIX', 'object', 3, toText({ type: 'bundle', id: 'bundle--1', objects: INDICATORS })],
  ['CTIM', 'document', 1, toText({ type: 'verdict', observable: { type: 'ip', value: '192.0.2.1' } })],
])('%s counts by its own unit, as over several lines: %s', (title, unit, count, text) => {
  expect(read(text)).toMatchObject({ title, unit, count, notes: [] });
});

test.each(['misp', 'stix'] as const)('lines that are forced to be %s are read as they are without', (forced) => {
  const text = forced === 'misp' ? toText(EVENT, { Event: { ...EVENT.Event, info: 'y' } }) : toText(...INDICATORS);
  const all = read(text, forced);
  expect(all).toEqual(read(text));
  expect(all.found.length).toBe(2);
  expect(all.passedOver.length).toBe(2);
});

test('objects of a bundle, one a line, keep what is revoked or negated out', () => {
  expect(read(toText({ type: 'identity', id: 'identity--1', name: 'x.example' }, ...INDICATORS))).toMatchObject({
    found: ['ip 192.0.2.1', 'url http://panel.example/'],
    passedOver: ['negated 192.0.2.2', 'revoked 192.0.2.3'],
  });
});

test('an attribute among lines of MISP may lack all that tells it', () => {
  const text = toText(
    toAttribute('panel.example'),
    { type: 'domain', value: 'gone.example', deleted: true },
    { type: 'md5', value: 'aa' },
  );
  for (const forced of [undefined, 'misp'] as const) {
    expect(read(text, forced)).toMatchObject({
      found: ['domain panel.example'],
      passedOver: ['deleted gone.example', 'other type aa'],
    });
  }
});

test('where a format is forced, a line of another is noted', () => {
  const text = toText(EVENT, INDICATORS[0], 7);
  expect(read(text, 'misp')).toMatchObject({
    found: ['domain panel.example'],
    notes: [2, 3].map((line) => `${line}: expected MISP: the line is left out`),
  });
  expect(() => read(text, 'stix')).toThrow('not recognised');
});

test('the program reads forced lines, and says what it counted', async () => {
  const text = toText(EVENT, EVENT);
  const { status, stderr } = await runMain(['observe', '--snapshot', 'sample', '-v', '--input-format', 'misp'], { stdin: text });
  expect([status, stderr]).toEqual([0, expect.stringContaining('stdin: MISP, 4 attributes\n')]);
});
