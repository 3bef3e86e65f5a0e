import { describe, expect, test } from 'vitest';
import { failedRow, skippedRow, unlistedRow } from '../cli/output/rows.ts';
import { FAMILIES, hostileRows, toRow } from './hostile.ts';
import { startImportServer } from './import-server.ts';
import { parseBundles } from './ctim-schema.ts';
import { write } from './read-back.ts';

const toRows = (count: number, familyOf: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => toRow({ type: 'url', value: `http://panel.example/${at}` }, familyOf(at)));

describe('a bundle', () => {
  test('has each Judgement as the element of the Indicator of its family, and one Indicator for those without', async () => {
    const rows = toRows(4, (at) => ['Pony', '', 'Pony', ' Zeus '][at] ?? '');
    const [{ source, judgements, indicators, relationships } = { judgements: [], indicators: [], relationships: [] }] =
      parseBundles(await write('ctim-bundle', rows));
    expect(source).toBe('CyberCrime Tracker');
    expect(judgements).toEqual(rows.map(({ judgement }) => judgement));
    const titles = new Map(indicators.map(({ id, title }) => [id, title]));
    expect([...titles.values()]).toEqual(['CyberCrime Tracker: Pony', 'CyberCrime Tracker', 'CyberCrime Tracker: Zeus']);
    expect(relationships.map((each) => [each.source_ref, titles.get(each.target_ref)])).toEqual([
      [judgements[0]?.id, 'CyberCrime Tracker: Pony'],
      [judgements[1]?.id, 'CyberCrime Tracker'],
      [judgements[2]?.id, 'CyberCrime Tracker: Pony'],
      [judgements[3]?.id, 'CyberCrime Tracker: Zeus'],
    ]);
  });

  test.each([
    [100, [100, 100, 50]],
    [1, Array<number>(250).fill(1)],
    [250, [250]],
    [1000, [250]],
  ])('of at most %i entities of a kind repeats an Indicator, the same, where it is referred to', async (size, counts) => {
    const bundles = parseBundles(
      await write(
        'ctim-bundle',
        toRows(250, (at) => `family ${at % 2}`),
        size,
      ),
    );
    expect(bundles.map(({ judgements }) => judgements.length)).toEqual(counts);
    expect(bundles.map(({ relationships }) => relationships.length)).toEqual(counts);
    expect(new Set(bundles.flatMap(({ indicators }) => indicators.map((each) => JSON.stringify(each)))).size).toBe(2);
  });

  test('keeps the limits of CTIM for any family and value, and tells families apart', async () => {
    const bundles = parseBundles(
      await write('ctim-bundle', [
        ...hostileRows,
        ...FAMILIES.map((family) => toRow({ type: 'ip', value: '192.0.2.9' }, family)),
      ]),
    );
    const indicators = bundles.flatMap((bundle) => bundle.indicators);
    expect(Math.max(...indicators.map(({ title }) => title.length))).toBe(1024);
    expect(new Set(indicators.map(({ id }) => id)).size).toBe(new Set(FAMILIES.map((family) => family.trim())).size);
    expect(indicators.filter(({ title, description }) => /\p{Cc}|\u202E/u.test(title + description))).toEqual([]);
  });

  test('of nothing listed can be imported', async () => {
    const text = await write('ctim-bundle', [unlistedRow, skippedRow, failedRow]);
    expect(parseBundles(text)).toEqual([{ source: 'CyberCrime Tracker', judgements: [], indicators: [], relationships: [] }]);
    const server = await startImportServer();
    expect(await server.import(text)).toEqual({ statuses: [200], results: {} });
  });
});

describe('an import', () => {
  const rows = [...toRows(250, (at) => FAMILIES[at % FAMILIES.length] ?? ''), ...hostileRows];

  test('with the prefix creates each entity once, and finds all of them again', async () => {
    const [server, text] = [await startImportServer(), await write('ctim-bundle', rows)];
    const first = await server.import(text);
    const families = new Set(FAMILIES.map((family) => family.trim())).size;
    expect([first.statuses, first.results['created'], server.links().length]).toEqual([
      [200],
      2 * rows.length + families,
      rows.length,
    ]);
    const count = server.count();
    expect(await server.import(text)).toEqual({ statuses: [200], results: { exists: count + (first.results['exists'] ?? 0) } });
    expect([server.count(), server.links().length]).toEqual([count, rows.length]);
  });

  test('without the prefix creates all again', async () => {
    const [server, text] = [await startImportServer(), await write('ctim-bundle', rows.slice(0, 10))];
    const { results } = await server.import(text, '');
    expect(await server.import(text, '')).toEqual({ statuses: [200], results });
    expect(Object.keys(results)).toEqual(['created']);
  });

  test('of larger bundles is refused', async () => {
    const server = await startImportServer();
    expect(await server.import(await write('ctim-bundle', rows.slice(0, 101), 101))).toEqual({ statuses: [400], results: {} });
  });
});
