import fc from 'fast-check';
import { describe, expect } from 'vitest';
import * as z from 'zod/mini';
import type { LedgerRow } from '../../src/core/ledger/ledger.ts';
import { triage } from '../../src/core/observables/observable.ts';
import { parsePattern } from '../../src/records/stix-pattern.ts';
import { parseBundles } from '../documents/ctim-schema.ts';
import { toRow } from '../documents/hostile.ts';
import { readBack, write } from '../documents/read-back.ts';
import { ecsSchema, mispSchema } from '../documents/row-schemas.ts';
import { objectsOf, parseBundle } from '../documents/stix-schema.ts';
import { testProperty } from './cases.ts';
import { rowsIn } from './outcomes.ts';
import { address, name, url } from './observables.ts';
import { anyRun, anyText, day, OBEYED } from './texts.ts';

/** A URL with anything in its path that can be looked up. */
const hostileUrl = fc.tuple(fc.constantFrom('http://', 'https://', ''), name, fc.oneof(anyText, anyRun)).map((parts) => {
  const [scheme, host, path] = parts;
  return { type: 'url', value: `${scheme}${host}/${path}` };
});
const observable = fc
  .oneof(
    { weight: 3, arbitrary: hostileUrl },
    url.map((value) => ({ type: 'url', value })),
    address.map((value) => ({ type: 'ip', value })),
    name.map((value) => ({ type: 'domain', value })),
  )
  .filter((each) => triage(each, { asksDomains: true }).question !== null);

const listedRows: fc.Arbitrary<LedgerRow[]> = fc.uniqueArray(
  fc.tuple(observable, fc.oneof(anyText, anyRun), fc.option(day, { nil: undefined })).map((parts) => toRow(...parts)),
  { maxLength: 5, selector: ({ observable: { type, value } }) => `${type} ${value.trim()}` },
);
const rows = fc.oneof(listedRows, rowsIn('observe'));

/** The distinct listed observables, without blanks around them. */
const namesOf = (all: readonly LedgerRow[]) => [
  ...new Set(
    all.filter(({ status }) => status === 'listed').map((row) => `${row.observable.type} ${row.observable.value.trim()}`),
  ),
];

describe('a document of any rows', () => {
  testProperty('of STIX is valid, and its patterns hold the values', [rows], async (all) => {
    const text = await write('stix', all);
    const values = objectsOf(parseBundle(text), 'indicator').flatMap(({ pattern }) =>
      parsePattern(pattern).flatMap((each) => each.values),
    );
    expect(values).toEqual(namesOf(all).map((each) => each.slice(each.indexOf(' ') + 1)));
    expect(text.replaceAll('\n', '')).not.toMatch(OBEYED);
    expect(await write('stix', all)).toBe(text);
  });

  testProperty('of MISP is valid', [rows], async (all) => {
    const text = await write('misp', all);
    expect(z.parse(mispSchema, JSON.parse(text)).Event.Attribute).toHaveLength(namesOf(all).length);
    expect(text.replaceAll('\n', '')).not.toMatch(OBEYED);
  });

  testProperty('of ECS is valid', [rows], async (all) => {
    const lines = (await write('ecs', all)).split('\n').slice(0, -1);
    expect(lines.map((line) => z.safeParse(ecsSchema, JSON.parse(line)).success)).toEqual(
      all.filter(({ status }) => status === 'listed').map(() => true),
    );
    expect(lines.join('')).not.toMatch(OBEYED);
  });

  testProperty('of CTIM is valid, and has each Judgement once', [rows, fc.integer({ min: 1, max: 4 })], async (all, size) => {
    const text = await write('ctim-bundle', all, size);
    const bundles = parseBundles(text);
    const ids = bundles.flatMap(({ judgements }) => judgements.map(({ id }) => id));
    expect(ids).toEqual(all.flatMap(({ judgement }) => judgement?.id ?? []));
    expect(bundles.filter(({ judgements, indicators }) => Math.max(judgements.length, indicators.length) > size)).toEqual([]);
    expect(text.replaceAll('\n', '')).not.toMatch(OBEYED);
  });
});

describe('a document of listed rows is read back as the same observables:', () => {
  const read = async (format: 'stix' | 'misp' | 'ecs' | 'ctim-bundle', all: readonly LedgerRow[]) =>
    (await readBack(await write(format, all))).found.map((each) => each.trim()).sort();

  testProperty('STIX, MISP, ECS, CTIM', [listedRows], async (all) => {
    const names = namesOf(all).sort();
    expect([await read('stix', all), await read('misp', all)]).toEqual([names, names]);
    expect([await read('ecs', all), await read('ctim-bundle', all)]).toEqual([names, names]);
  });
});
