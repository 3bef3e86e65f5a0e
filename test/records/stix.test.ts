import { expect, test } from 'vitest';
import { stixJson } from '../../src/records/stix.ts';
import { collect, named } from './collect.ts';

type Objects = Record<string, unknown>[];

function read(document: unknown): { found: string[]; passedOver: string[]; notes: string[] } {
  const reading = collect();
  expect(stixJson.recognise(document)).toBe('STIX');
  stixJson.read(document, reading);
  return { found: named(reading.findings), passedOver: reading.passedOver, notes: reading.notes };
}

const bundle = (objects: unknown[]): unknown => ({ type: 'bundle', id: 'bundle--1', objects });

test.each([
  ['ipv4-addr', '192.0.2.1', 'ip 192.0.2.1'],
  ['ipv4-addr', '192.0.2.1/32', 'ip 192.0.2.1'],
  ['ipv4-addr', '192[.]0.2.1', 'ip 192[.]0.2.1'],
  ['ipv6-addr', '2001:db8::1', 'ipv6 2001:db8::1'],
  ['ipv6-addr', '2001:db8::1/128', 'ipv6 2001:db8::1'],
  ['domain-name', 'Panel.Example', 'domain Panel.Example'],
  ['hostname', 'panel.example', 'domain panel.example'],
  ['url', ' hxxp://panel.example/ ', 'url  hxxp://panel.example/ '],
])('%s %j is taken literally', (type, value, found) => {
  const object = { type, id: `${type}--1`, value };
  for (const document of [bundle([object]), object, [object], { objects: [object] }]) {
    expect(read(document)).toEqual({ found: [found], passedOver: [], notes: [] });
  }
});

test.each([undefined, 'stix', 'STIX'])('a pattern of type %j is read', (language) => {
  const indicator = { type: 'indicator', pattern: "[url:value = 'x']", pattern_type: language };
  expect(read(indicator).found).toEqual(['url x']);
});

test('a value that its object calls defanged is refanged', () => {
  expect(read(bundle([{ type: 'url', value: 'hxxp://panel[.]example/', defanged: true }])).found).toEqual([
    'url http://panel.example/',
  ]);
});

test.each([
  ['range: 192.0.2.0/24', { type: 'ipv4-addr', value: '192.0.2.0/24' }],
  ['range: 2001:db8::/32', { type: 'ipv6-addr', value: '2001:db8::/32' }],
  ['other type: x@panel.example', { type: 'email-addr', value: 'x@panel.example' }],
  ['other type: 00', { type: 'file', name: 'panel.example', hashes: { MD5: '00' } }],
  ['revoked: panel.example', { type: 'domain-name', value: 'panel.example', revoked: true }],
  ['revoked: panel.example', { type: 'indicator', pattern: "[domain-name:value = 'panel.example']", revoked: true }],
  ['other type: alert tcp any', { type: 'indicator', pattern: 'alert tcp any', pattern_type: 'snort' }],
])('%s is passed over', (passedOver, object) => {
  expect(read(bundle([object]))).toEqual({ found: [], passedOver: [passedOver], notes: [] });
});

test('other objects and properties name nothing', () => {
  const objects: Objects = [
    { type: 'software', name: 'x', version: '1.2.3.4' },
    { type: 'identity', id: 'identity--1', name: 'panel.example' },
    { type: 'network-traffic', dst_ref: 'ipv4-addr--1', protocols: ['tcp'] },
    { type: 'relationship', revoked: true, source_ref: 'a', target_ref: 'b' },
    { type: 'malware', external_references: [{ url: 'http://panel.example/' }] },
  ];
  expect(read(bundle(objects))).toEqual({ found: [], passedOver: [], notes: [] });
});

test('2.0: observed data has its objects in a dictionary', () => {
  const observed = {
    type: 'observed-data',
    id: 'observed-data--1',
    objects: {
      0: { type: 'ipv4-addr', value: '192.0.2.1', resolves_to_refs: ['1'] },
      1: { type: 'mac-addr', value: '00:00:5e:00:53:01' },
      2: { type: 'domain-name' },
      3: 'x',
    },
  };
  const found = { found: ['ip 192.0.2.1'], passedOver: ['other type: 00:00:5e:00:53:01'] };
  const notes = ['observed-data--1: objects.2: expected a value'];
  expect(read(observed)).toEqual({ ...found, notes });
  expect(read({ ...observed, revoked: true }).passedOver).toEqual(['revoked: 192.0.2.1', 'revoked: 00:00:5e:00:53:01']);
});

test('bundles in bundles are read to a depth that no stack minds', () => {
  let nested: unknown = bundle([{ type: 'url', value: 'x' }]);
  for (let level = 0; level < 10; level += 1) nested = bundle([nested]);
  expect(read(nested).found).toEqual(['url x']);
  for (let level = 0; level < 100_000; level += 1) nested = bundle([nested]);
  expect(read(nested)).toMatchObject({
    found: [],
    notes: [`objects[0]${'.objects[0]'.repeat(10)}: bundles are nested too deeply`],
  });
});

test('what cannot be read is noted by its id or place, and the others are read', () => {
  const objects = [
    { type: 'indicator', id: 'indicator--1', pattern: "[url:value = 'a' 'b']" },
    7,
    { id: 'x' },
    { type: 'indicator', pattern: '' },
    { type: 'indicator', id: 'indicator--2' },
    { type: 'url', id: 'url--1', value: '' },
    { type: 'url', id: `url--${'1'.repeat(1_000)}`, value: 7 },
    { type: 'bundle', objects: [null, { type: 'url', value: 'http://panel.example/' }] },
  ];
  const { found, notes } = read(bundle(objects));
  expect(found).toEqual(['url http://panel.example/']);
  expect(notes).toEqual([
    'indicator--1: invalid pattern: expected an operator or ] at character 18',
    'objects[1]: expected a STIX object',
    'objects[2]: expected a STIX object',
    'objects[3]: invalid pattern: expected [ at character 1',
    'indicator--2: expected a pattern',
    'url--1: expected a value',
    `url--${'1'.repeat(195)}: expected a value`,
    'objects[7].objects[0]: expected a STIX object',
  ]);
});
