import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { isIpv4 } from '../../src/core/observables/host.ts';
import type { Indicator } from '../../src/documents/indicator.ts';
import { mergeIndicators } from '../../src/documents/merged-indicator.ts';
import { writeStixBundle } from '../../src/documents/stix.ts';
import { parsePattern } from '../../src/records/stix-pattern.ts';
import { objectsOf, parseBundle } from '../documents/stix-schema.ts';
import type { Row } from './real-data.ts';
import { readRows, stixSchemasPath } from './real-data.ts';

/** What a row names: its URL as listed and with a scheme, its host, and its address. */
function toIndicators({ date, url, ip, family }: Row): Indicator[] {
  const facts = { family, firstListed: date, entry: url || ip, answeredAt: '2018-01-20' };
  const host = /^[^/?#:]*/.exec(url)?.[0] ?? '';
  return [
    { type: 'url', value: url, ...facts } as const,
    { type: 'url', value: url === '' ? '' : `http://${url}`, ...facts } as const,
    { type: isIpv4(host) ? 'ip' : 'domain', value: host, ...facts } as const,
    { type: 'ip', value: isIpv4(ip) ? ip : '', ...facts } as const,
  ].filter(({ value }) => value !== '');
}

/** What is wrong with an object by OASIS's schemas; undefined for nothing. */
async function openSchemas(): Promise<(object: { readonly type: string }) => string | undefined> {
  // Their patterns escape hyphens; `idn-hostname` is no format of ajv-formats.
  const ajv = new Ajv2020({ strict: false, unicodeRegExp: false, formats: { 'idn-hostname': true } });
  addFormats.default(ajv);
  const idByType = new Map<string, string>();
  const files = await readdir(stixSchemasPath, { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.json'))) {
    const schema = JSON.parse(await readFile(join(stixSchemasPath, file), 'utf8')) as { $id: string; title: string };
    ajv.addSchema(schema);
    idByType.set(schema.title, schema.$id);
  }
  return (object) => {
    const validate = ajv.getSchema(idByType.get(object.type) ?? '');
    if (!validate) return `no schema of ${object.type}`;
    return validate(object) ? undefined : ajv.errorsText(validate.errors);
  };
}

test('the bundle of the whole list is valid by the schemas of OASIS, and by ours, and holds each value', async () => {
  const validate = await openSchemas();
  const indicators = (await readRows()).flatMap(toIndicators);
  const bundle = parseBundle([...writeStixBundle(mergeIndicators(indicators))].join(''));
  const { objects = [], ...empty } = bundle;
  const problems = objects.flatMap((object) => validate(object) ?? []);
  expect([objects.length > 100_000, problems.slice(0, 5)]).toEqual([true, []]);
  const start = { ...empty, objects: objects.slice(0, 20) };
  expect([validate(start), validate(empty), validate({ ...start, type: 'bundle', id: 'none' } as typeof start)]).toEqual([
    ...[undefined, undefined],
    expect.any(String),
  ]);
  const values = objectsOf(bundle, 'indicator').flatMap(({ pattern }) => parsePattern(pattern).flatMap((each) => each.values));
  expect(new Set(values)).toEqual(new Set(indicators.map(({ value }) => value.trim())));
});

test('the schemas of OASIS refuse what is broken', async () => {
  const validate = await openSchemas();
  const [panel] = [
    {
      type: 'url',
      value: 'http://panel.example/',
      family: 'Pony',
      firstListed: '',
      entry: '',
      answeredAt: '2018-01-20',
    } as const,
  ];
  const { objects = [] } = parseBundle([...writeStixBundle(mergeIndicators([panel]))].join(''));
  const broken = objects.map((object) => validate({ ...object, id: `x-${object.id}` } as typeof object) !== undefined);
  expect(broken).toEqual(objects.map(() => true));
});
