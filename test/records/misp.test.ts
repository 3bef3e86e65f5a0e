import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mispJson } from '../../src/records/misp.ts';
import { collect, named } from './collect.ts';

function read(document: unknown): { found: string[]; passedOver: string[]; notes: string[] } {
  const reading = collect();
  expect(mispJson.recognise(document)).toBe('MISP');
  mispJson.read(document, reading);
  return { found: named(reading.findings), passedOver: reading.passedOver, notes: reading.notes };
}

const ATTRIBUTE = { type: 'ip-dst', value: '192.0.2.1' };

test.each([
  ['Event.Attribute[1]', { Event: { info: 'x', Attribute: [ATTRIBUTE, 7] } }],
  ['Event.Object[0].Attribute[1]', { Event: { Object: [{ Attribute: [ATTRIBUTE, 7] }] } }],
  ['response[0].Event.Attribute[1]', { response: [{ Event: { Attribute: [ATTRIBUTE, 7] } }] }],
  ['response.Event.Attribute[1]', { response: { Event: { Attribute: [ATTRIBUTE, 7] } } }],
  ['response.Attribute[1]', { response: { Attribute: [ATTRIBUTE, 7] } }],
  ['response[1].Event[0].Attribute[1]', { response: [{ Event: { info: 'x' } }, { Event: [{ Attribute: [ATTRIBUTE, 7] }] }] }],
  ['[0].Event.Attribute[1]', [{ Event: { Attribute: [ATTRIBUTE, 7] } }]],
  ['[1]', [ATTRIBUTE, 7]],
  ['[1]', [{ Attribute: ATTRIBUTE }, 7]],
  ['Attribute[1]', { Attribute: [ATTRIBUTE, 7] }],
  ['Event.Attribute[0]', { Event: { Attribute: [{ type: 'url' }, ATTRIBUTE] } }],
  ['[0]', [{ type: 'url' }, ATTRIBUTE]],
  ['Object[0].Attribute[1]', { info: 'x', Attribute: [], Object: [{ Attribute: [ATTRIBUTE, 7] }] }],
  ['Object[1].Attribute[0]', { info: 'x', Object: [{ name: 'url' }, { Attribute: [7, ATTRIBUTE] }] }],
  ['Object.Attribute[1]', { Object: { name: 'url', Attribute: [ATTRIBUTE, 7] } }],
  ['[0].Object.Attribute[1]', [{ Object: { Attribute: [ATTRIBUTE, 7] } }]],
  ['response.Object[0].Object.Attribute[1]', { response: { Object: [{ Object: { Attribute: [ATTRIBUTE, 7] } }] } }],
  ['[1].Object[0].Attribute[1]', [{ Attribute: [] }, { Object: [{ Attribute: [ATTRIBUTE, 7] }] }]],
  ['response[0].Object[0].Attribute[1]', { response: [{ Attribute: [], Object: [{ Attribute: [ATTRIBUTE, 7] }] }] }],
])('attributes are found, and a bad one is noted as %s', (place, document) => {
  const notes = [`${place}: expected an attribute with type and value`];
  expect(read(document)).toEqual({ found: ['ip 192.0.2.1'], passedOver: [], notes });
});

test('an event that is no object is noted', () => {
  const document = { response: [{ Event: { info: 'x' } }, { Event: [7, { Attribute: [ATTRIBUTE] }] }] };
  const notes = ['response[1].Event[0]: expected an object with attributes'];
  expect(read(document)).toEqual({ found: ['ip 192.0.2.1'], passedOver: [], notes });
});

test.each([{ response: [] }, { response: { Attribute: [] } }, { Event: { info: 'panel.example' } }, { Attribute: [] }])(
  '%j holds nothing',
  (document) => {
    expect(read(document)).toEqual({ found: [], passedOver: [], notes: [] });
  },
);

test.each([
  ['ip-dst', '192.0.2.1', ['ip 192.0.2.1']],
  ['ip-src', '2001:db8::1', ['ipv6 2001:db8::1']],
  ['IP-DST', '192.0.2.1/32', ['ip 192.0.2.1']],
  ['ip-dst', '192.0.2.1/255.255.255.255', ['ip 192.0.2.1']],
  ['ip', '192.0.2.1', ['ip 192.0.2.1']],
  ['ip-dst', '192[.]0.2.1', ['ip 192[.]0.2.1']],
  ['domain', 'panel.example', ['domain panel.example']],
  ['hostname', 'panel.example', ['domain panel.example']],
  ['url', 'http://panel.example/', ['url http://panel.example/']],
  ['uri', 'panel.example/x', ['url panel.example/x']],
  ['link', 'https://panel.example/', ['url https://panel.example/']],
  ['domain|ip', 'panel.example|192.0.2.1', ['domain panel.example', 'ip 192.0.2.1']],
  ['domain|ip', 'panel.example|2001:db8::1', ['domain panel.example', 'ipv6 2001:db8::1']],
  ['domain|ip', 'panel.example', ['domain panel.example']],
  ['hostname|port', 'panel.example|8080', ['domain panel.example']],
  ['hostname|port', '|8080', ['domain |8080']],
  ['ip-dst|port', '192.0.2.1|443', ['ip 192.0.2.1']],
  ['ip-src|port', '2001:db8::1|443', ['ipv6 2001:db8::1']],
])('%s %j is taken literally', (type, value, found) => {
  expect(read([{ category: 'Network activity', type, value }])).toEqual({ found, passedOver: [], notes: [] });
});

test.each([
  ['range: 192.0.2.0/24', { type: 'ip-dst', value: '192.0.2.0/24' }],
  ['range: 192.0.2.0/255.255.255.0', { type: 'ip-dst', value: '192.0.2.0/255.255.255.0' }],
  ['range: 2001:db8::/32', { type: 'ip-src', value: '2001:db8::/32' }],
  ['other type: aa', { type: 'sha256', value: 'aa' }],
  ['other type: a.exe|aa', { type: 'filename|sha256', value: 'a.exe|aa' }],
  ['other type: x', { type: 'named pipe', value: 'x' }],
  ['other type: x', { type: 'AS', value: 'x' }],
  ['deleted: 192.0.2.1', { ...ATTRIBUTE, deleted: true }],
  ['deleted: 192.0.2.1', { ...ATTRIBUTE, deleted: '1' }],
  ['deleted: x', { type: 'no-such-type', value: 'x', deleted: 1 }],
])('%s is passed over', (passedOver, attribute) => {
  expect(read([{ to_ids: false, ...attribute }])).toEqual({ found: [], passedOver: [passedOver], notes: [] });
});

test('an event without the key that names it, and lines of one, lose nothing of its objects', () => {
  const event = {
    uuid: 'u-1',
    info: 'see info.example',
    Attribute: [{ type: 'domain', value: 'panel.example' }],
    Object: [
      {
        name: 'url',
        Attribute: [
          { type: 'url', value: 'http://gate.example/x' },
          { type: 'domain', value: 'gone.example', deleted: true },
        ],
      },
      { name: 'x', deleted: true, Attribute: [ATTRIBUTE] },
    ],
  };
  const wanted = {
    found: ['domain panel.example', 'url http://gate.example/x'],
    passedOver: ['deleted: gone.example', 'deleted: 192.0.2.1'],
    notes: [],
  };
  for (const document of [event, [event], { Event: event }, { response: [{ Event: event }] }, { response: [event] }])
    expect(read(document)).toEqual(wanted);
});

test('an attribute that a search gives with its event is that attribute', () => {
  const attribute = { ...ATTRIBUTE, category: 'Network activity', Event: { id: '1', info: 'x' } };
  for (const document of [attribute, [attribute], { response: { Attribute: [attribute] } }])
    expect(read(document)).toEqual({ found: ['ip 192.0.2.1'], passedOver: [], notes: [] });
});

test('deleted: false is not deleted; proposals and the attributes of deleted objects are passed over', () => {
  const event = {
    Attribute: [{ ...ATTRIBUTE, deleted: false, ShadowAttribute: [{ type: 'ip-dst', value: '192.0.2.2' }] }],
    ShadowAttribute: [{ type: 'ip-dst', value: '192.0.2.3' }],
    Object: [{ deleted: true, Attribute: [ATTRIBUTE, { type: 'md5', value: 'aa' }] }, 'x'],
  };
  expect(read({ Event: event })).toEqual({
    found: ['ip 192.0.2.1'],
    passedOver: ['other type: 192.0.2.2', 'other type: 192.0.2.3', 'deleted: 192.0.2.1', 'deleted: aa'],
    notes: ['Event.Object[1]: expected an object with attributes'],
  });
});

test.each(['no-such-type', 'constructor', '__proto__', 'toString', 'ipv6', ''])('an attribute of type %j is noted', (type) => {
  const attributes = [{ uuid: 'u-1', type, value: 'panel.example' }, { type, value: 'x', category: 'x' }, ATTRIBUTE];
  expect(read(attributes)).toEqual({
    found: ['ip 192.0.2.1'],
    passedOver: [],
    notes: [`u-1: unknown attribute type "${type}"`, `[1]: unknown attribute type "${type}"`],
  });
});

test.each([
  { uuid: 'u-1', type: 'ip-dst', value: '' },
  { uuid: 'u-1', type: 'ip-dst' },
  { uuid: 'u-1', value: 'x' },
])('%j is noted', (bad) => {
  expect(read([ATTRIBUTE, bad]).notes).toEqual(['u-1: expected an attribute with type and value']);
});

test('a response in a response is not MISP, however deep', () => {
  let nested: unknown = { Attribute: [ATTRIBUTE] };
  for (let level = 0; level < 100_000; level += 1) nested = { response: nested };
  expect(mispJson.recognise(nested)).toBeUndefined();
});

test('every attribute has a fate', () => {
  const type = fc.constantFrom('ip-dst', 'domain|ip', 'url', 'md5', 'hostname|port', 'no-such-type');
  const attribute = fc.record(
    { type, value: fc.string({ minLength: 1 }), deleted: fc.boolean() },
    { requiredKeys: ['type', 'value'] },
  );
  fc.assert(
    fc.property(fc.array(attribute), (attributes) => {
      for (const each of attributes) {
        const { found, passedOver, notes } = read({ Attribute: [each] });
        expect(found.length + passedOver.length + notes.length).toBeGreaterThan(0);
      }
    }),
  );
});
