import { expect, test } from 'vitest';
import { ctimJson } from '../../src/records/ctim.ts';
import { collect, named } from './collect.ts';

function read(document: unknown): { found: string[]; passedOver: string[]; notes: string[] } {
  const reading = collect();
  expect(ctimJson.recognise(document)).toBe('CTIM');
  ctimJson.read(document, reading);
  return { found: named(reading.findings), passedOver: reading.passedOver, notes: reading.notes };
}

const observable = (value: string, type = 'ip'): unknown => ({ type, value });
const verdict = { type: 'verdict', observable: observable('192.0.2.1') };
const sighting = {
  type: 'sighting',
  observables: [observable('192.0.2.2'), observable('aa', 'sha256')],
  relations: [{ relation: 'Connected_To', source: observable('192.0.2.3'), related: observable('panel.example', 'domain') }, 7],
  targets: [{ type: 'endpoint', observables: [observable('10.0.0.5')] }],
};

test('a bundle: every observable, literal, and of any type', () => {
  const bundle = {
    type: 'bundle',
    source: 'x',
    judgements: [{ type: 'judgement', observable: observable('hxxp://x', 'url'), source_uri: 'http://panel.example/' }],
    verdicts: [verdict],
    sightings: [sighting],
    indicators: [{ type: 'indicator', title: 'panel.example' }],
    casebooks: [{ type: 'casebook', observables: [observable('192.0.2.4')] }],
    judgement_refs: ['https://panel.example/judgement-1'],
  };
  expect(read(bundle)).toEqual({
    found: ['url hxxp://x', 'ip 192.0.2.1', 'ip 192.0.2.2', 'sha256 aa', 'ip 192.0.2.3', 'domain panel.example', 'ip 192.0.2.4'],
    passedOver: ['other type: 10.0.0.5'],
    notes: [],
  });
});

test.each([[[verdict]], [verdict], [[{ type: 'indicator', title: 'x' }, verdict]], [{ verdicts: [verdict] }]])(
  '%j',
  (document) => {
    expect(read(document).found).toEqual(['ip 192.0.2.1']);
  },
);

const bundled = {
  type: 'bundle',
  judgements: [{ type: 'judgement', observable: observable('192.0.2.5') }],
  verdicts: [verdict],
  sightings: [sighting],
  indicators: [{ type: 'indicator', title: 'x' }],
  casebooks: [{ type: 'casebook', observables: [], bundle: { judgements: [{ observable: observable('192.0.2.6') }, 7] } }],
};

test.each([
  ['documents[0]', { type: 'casebook', title: 'x', observables: [observable('192.0.2.4')], bundle: bundled }],
  [
    'documents[0]',
    { type: 'casebook', title: 'x', bundle: { ...bundled, verdicts: [{ observable: observable('192.0.2.4') }, verdict] } },
  ],
  [
    'casebooks[0]',
    { type: 'bundle', casebooks: [{ type: 'casebook', observables: [observable('192.0.2.4')], bundle: bundled }] },
  ],
  ['[0]', [{ type: 'casebook', observables: [observable('192.0.2.4')], bundle: bundled }]],
])('the bundle of a casebook is read, as %s', (place, document) => {
  const { found, passedOver, notes } = read(document);
  const all = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5', '192.0.2.6'].map((value) => `ip ${value}`);
  expect([...found].sort()).toEqual(['domain panel.example', ...all, 'sha256 aa']);
  expect(passedOver).toEqual(['other type: 10.0.0.5']);
  expect(notes).toEqual([`${place}.bundle.casebooks[0].bundle.judgements[1]: expected a CTIM document`]);
});

test('references alone name nothing', () => {
  expect(read({ type: 'bundle', judgement_refs: ['https://panel.example/judgement-1'] }).found).toEqual([]);
});

test('what is no observable is noted by its place, and the others are read', () => {
  const documents = [
    verdict,
    null,
    { type: 'judgement', observable: 7 },
    { type: 'sighting', observables: ['x', observable('')] },
  ];
  expect(read(documents).notes).toEqual([
    '[1]: expected a CTIM document',
    '[2].observable: expected an object with type and value',
    '[3].observables[0]: expected an object with type and value',
    '[3].observables[1].value: expected a non-empty string',
  ]);
});
