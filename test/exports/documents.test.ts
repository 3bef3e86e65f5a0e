import { describe, expect, test } from 'vitest';
import { ecsFormat } from '../../src/exports/ecs.ts';
import { mispFormat } from '../../src/exports/misp.ts';
import { stixFormat } from '../../src/exports/stix.ts';
import { exportAll, NOW, leftOutOf, linesOf, textOf, toEntry, toList } from './lists.ts';
import { hostileEntries } from './hostile-entries.ts';

const LIST = toList(
  toEntry('panel.example:443/x', { ip: '198.51.100.60' }),
  'panel.example/',
  '192.0.2.50',
  'port.example:8443',
  toEntry('', { ip: '192.0.2.51' }),
  toEntry('', { ip: '192.0.2.51' }),
  'co.uk',
);
const VALUES = ['https://panel.example/x', 'panel.example', '192.0.2.50', 'http://port.example:8443', '192.0.2.51'];

describe('the list for platforms of threat intelligence', () => {
  test('has an entry with a path or port as a URL, else as its host', () => {
    const exported = exportAll(ecsFormat, LIST);
    const indicators = linesOf(exported).map((line) => (JSON.parse(line) as { threat: { indicator: object } }).threat.indicator);
    expect(indicators).toMatchObject([
      { type: 'url', url: { full: VALUES[0] }, first_seen: '2018-01-14T00:00:00.000Z' },
      { type: 'domain-name', url: { domain: VALUES[1] } },
      { type: 'ipv4-addr', ip: VALUES[2] },
      { type: 'url', url: { full: VALUES[3] } },
      { type: 'ipv4-addr', ip: VALUES[4] },
    ]);
    expect(leftOutOf(exported)).toEqual(['1 a public suffix, which unrelated sites share']);
  });

  test('is a bundle, and an empty one where nothing is listed', () => {
    const bundle = JSON.parse(linesOf(exportAll(stixFormat, LIST)).join('')) as { objects: { type: string; name?: string }[] };
    expect(bundle.objects.flatMap(({ type, name }) => (type === 'indicator' ? [name] : []))).toEqual(VALUES);
    expect(JSON.parse(linesOf(exportAll(stixFormat, toList())).join(''))).toMatchObject({ type: 'bundle' });
    expect(linesOf(exportAll(ecsFormat, toList()))).toEqual([]);
  });

  test('is a feed of MISP: the event, its manifest, and the MD5 of each value', () => {
    const files = exportAll(mispFormat, LIST).written.render([], NOW);
    if (typeof files === 'string') throw new Error('It is a text');
    const [name = '', ...others] = Object.keys(files);
    expect(others).toEqual(['manifest.json', 'hashes.csv']);
    const uuid = name.replace('.json', '');
    const { Event: event } = JSON.parse(files[name] ?? '') as {
      Event: Record<string, unknown> & { Attribute: { value: string }[] };
    };
    expect(event.Attribute.map(({ value }) => value)).toEqual(VALUES);
    const { info, date, analysis, threat_level_id, timestamp, Orgc, Tag } = event;
    expect(JSON.parse(files['manifest.json'] ?? '')).toEqual({
      [uuid]: { info, date, analysis, threat_level_id, timestamp, Orgc, Tag },
    });
    expect([event['uuid'], timestamp]).toEqual([uuid, String(Math.floor(NOW.getTime() / 1000))]);
    // `printf panel.example | md5sum`
    expect(files['hashes.csv']?.split('\n')[1]).toBe(`3b37fbf1d4f4d5de256382c71779b094,${uuid}`);
  });

  test('counts values, and the entries that are merged', () => {
    const twice = toList('panel.example/x', toEntry('panel.example/x', { family: 'ZeuS' }), 'panel.example/x', 'panel.example');
    const counts = [stixFormat, mispFormat, ecsFormat].map((format) => exportAll(format, twice).account);
    expect(counts.map(({ count, mergedCount }) => [count, mergedCount])).toEqual([
      [2, 2],
      [2, 2],
      [3, 1],
    ]);
  });

  test('is valid JSON, whatever is listed', () => {
    const hostile = { ...LIST, entries: hostileEntries };
    const indicators = linesOf(exportAll(ecsFormat, hostile)).map((line) => JSON.parse(line) as unknown);
    expect(indicators.length).toBeGreaterThan(8);
    const files = exportAll(mispFormat, hostile).written.render([], NOW);
    expect(Object.values(files).every((text: string) => text.isWellFormed())).toBe(true);
    expect(() => JSON.parse(textOf(exportAll(stixFormat, hostile))) as unknown).not.toThrow();
  });
});
