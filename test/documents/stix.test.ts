import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Indicator } from '../../src/documents/indicator.ts';
import { mergeIndicators } from '../../src/documents/merged-indicator.ts';
import { writeStixBundle } from '../../src/documents/stix.ts';
import { parsePattern } from '../../src/records/stix-pattern.ts';
import { failedRow, skippedRow, unlistedRow } from '../cli/output/rows.ts';
import { FAMILIES, hostileRows } from './hostile.ts';
import { write } from './read-back.ts';
import { objectsOf, parseBundle } from './stix-schema.ts';

const PANEL: Indicator = {
  type: 'url',
  value: 'http://panel.example/a',
  family: 'Pony',
  firstListed: '2018-01-14',
  entry: 'panel.example/a',
  answeredAt: '2026-03-01T23:59:59.999Z',
  sourceUri: 'https://tracker.example/index.php?search=panel.example%2Fa',
};
const bundleOf = (...indicators: readonly Indicator[]) => parseBundle([...writeStixBundle(mergeIndicators(indicators))].join(''));
const onlyOf = (...changes: readonly Partial<Indicator>[]) => bundleOf(...changes.map((change) => ({ ...PANEL, ...change })));

/** RFC 9562, section 5.5, by hand. */
function uuidV5(name: string): string {
  const namespace = Buffer.from('00abedb4aa42466c9c01fed23315a9b7', 'hex');
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

describe('a bundle', () => {
  test('has an identity, the marking, an indicator, its observable, its family, and what relates them', () => {
    const { objects = [] } = bundleOf(PANEL);
    expect(objects.map(({ type }) => type)).toEqual([
      ...['identity', 'marking-definition', 'indicator', 'url', 'relationship', 'malware', 'relationship'],
    ]);
    expect(objects[2]).toMatchObject({
      name: 'http://panel.example/a',
      description: 'Pony; listed as panel.example/a',
      pattern: "[url:value = 'http://panel.example/a']",
      created: '2018-01-14T00:00:00.000Z',
      valid_from: '2018-01-14T00:00:00.000Z',
      confidence: 15,
      external_references: [{ source_name: 'CyberCrime Tracker', url: PANEL.sourceUri }],
    });
  });

  test('has the ids of OpenCTI and of STIX', () => {
    const bundle = bundleOf(PANEL);
    const [identity, marking, indicator, url, basedOn, malware, indicates] = bundle.objects ?? [];
    const relate = (kind: string, to: string) =>
      `relationship--${uuidV5(`{"relationship_type":"${kind}","source_ref":"${indicator?.id}","target_ref":"${to}"}`)}`;
    expect([identity?.id, indicator?.id, url?.id, malware?.id]).toEqual([
      `identity--${uuidV5('{"identity_class":"organization","name":"cybercrime tracker"}')}`,
      `indicator--${uuidV5(`{"pattern":"[url:value = 'http://panel.example/a']"}`)}`,
      `url--${uuidV5('{"value":"http://panel.example/a"}')}`,
      `malware--${uuidV5('{"name":"pony"}')}`,
    ]);
    expect([basedOn?.id, indicates?.id]).toEqual([relate('based-on', url?.id ?? ''), relate('indicates', malware?.id ?? '')]);
    const ids = [identity, marking, indicator, url, basedOn, malware, indicates].map((object) => object?.id ?? '');
    expect(bundle.id).toBe(`bundle--${uuidV5(JSON.stringify(ids.sort()))}`);
    // What other programs make of the example of an observable's id in the specification.
    expect(objectsOf(onlyOf({ type: 'ip', value: '198.51.100.3' }), 'ipv4-addr')[0]?.id).toBe(
      'ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4',
    );
  });

  test('is the same text for the same rows on another time of the day', () => {
    const rows = [PANEL, { ...PANEL, value: 'b', firstListed: '' }];
    const later = rows.map((row) => ({ ...row, answeredAt: '2026-03-01T00:00:00.000Z' }));
    expect([...writeStixBundle(mergeIndicators(rows))].join('')).toBe([...writeStixBundle(mergeIndicators(later))].join(''));
  });

  test('is valid from the day of the answer where no date is known, and of the earliest entry of several', () => {
    const days = [[{ firstListed: '' }], [{ firstListed: '2019-01-01' }, { firstListed: '' }, {}]];
    expect(days.map((changes) => objectsOf(onlyOf(...changes), 'indicator').map((each) => each.valid_from))).toEqual([
      ['2026-03-01T00:00:00.000Z'],
      ['2018-01-14T00:00:00.000Z'],
    ]);
  });

  test('has each object once: of values asked twice, of families in other letters, and with all families of a value', () => {
    const domain = { type: 'domain', value: 'panel.example' } as const;
    const bundle = onlyOf(domain, domain, { family: 'PONY' }, { family: 'Zeus' }, { value: ' http://panel.example/a ' });
    expect(objectsOf(bundle, 'malware').map(({ name }) => name)).toEqual(['Pony', 'Zeus']);
    expect(objectsOf(bundle, 'indicator').map(({ name }) => name)).toEqual(['panel.example', 'http://panel.example/a']);
    expect(objectsOf(bundle, 'relationship')).toHaveLength(2 + 1 + 2);
  });

  test.each([
    'panel.example/a',
    'http://panel.example/a b',
    'http://panel.example/例',
    'http://panel.example/a\\b',
    'http://panel.example/%',
  ])('has the pattern, and no observable, for %s, which is no URI', (value) => {
    const bundle = onlyOf({ value });
    expect([parsePattern(objectsOf(bundle, 'indicator')[0]?.pattern ?? '')[0]?.values, objectsOf(bundle, 'url')]).toEqual([
      [value],
      [],
    ]);
  });

  test('is valid for hostile values and families, whose patterns hold the values', async () => {
    const bundle = parseBundle(await write('stix', hostileRows));
    const values = objectsOf(bundle, 'indicator').flatMap(({ pattern }) => parsePattern(pattern).flatMap((each) => each.values));
    expect(values).toEqual(hostileRows.map(({ observable }) => observable.value));
    const names = FAMILIES.filter((family) => family !== '').map((family) => family.toWellFormed().trim());
    expect(objectsOf(bundle, 'malware').map(({ name }) => name)).toEqual(names);
  });

  test('of nothing listed has no objects', async () => {
    const texts = await Promise.all([write('stix', []), write('stix', [unlistedRow, skippedRow, failedRow])]);
    expect(texts.map(parseBundle)).toEqual(
      texts.map(() => ({ type: 'bundle', id: expect.stringMatching(/^bundle--/) as string })),
    );
  });
});
