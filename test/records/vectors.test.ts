import { expect, test } from 'vitest';
import { readJsonDocument } from '../../src/records/json-document.ts';
import { collect, named } from './collect.ts';

const URL = 'http://panel.example/d12/cp.php?m=login';
const SHA256 = '0'.repeat(64);

const indicator = {
  type: 'indicator',
  spec_version: '2.1',
  id: 'indicator--7f1c9f0e-0000-4000-8000-000000000002',
  pattern: `[url:value = '${URL}'] OR [ipv4-addr:value IN ('192.0.2.10', '198.51.100.20')]`,
  pattern_type: 'stix',
};
const stix = {
  type: 'bundle',
  id: 'bundle--7f1c9f0e-0000-4000-8000-000000000001',
  objects: [
    indicator,
    { type: 'domain-name', spec_version: '2.1', id: 'domain-name--7f1c9f0e-0000-4000-8000-000000000003', value: 'gate.example' },
    {
      type: 'software',
      spec_version: '2.1',
      id: 'software--7f1c9f0e-0000-4000-8000-000000000004',
      name: 'x',
      version: '1.2.3.4',
    },
  ],
};
const misp = {
  Event: {
    info: 'seen at drop.example',
    Attribute: [
      { type: 'ip-dst', value: '192.0.2.10' },
      { type: 'domain|ip', value: 'panel.example|198.51.100.20' },
      { type: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e' },
    ],
    Object: [
      {
        name: 'url',
        Attribute: [
          { type: 'url', value: URL },
          { type: 'hostname', value: 'gate.example' },
        ],
      },
    ],
  },
};
const ctim = {
  type: 'bundle',
  source: 'x',
  judgements: [{ type: 'judgement', observable: { type: 'domain', value: 'panel.example' } }],
  sightings: [
    {
      type: 'sighting',
      observables: [
        { type: 'ip', value: '192.0.2.10' },
        { type: 'sha256', value: SHA256 },
      ],
    },
  ],
};
const verdict = (type: string, value: string): unknown => ({ type: 'verdict', observable: { type, value }, disposition: 2 });
const own = { data: { verdicts: { count: 2, docs: [verdict('ip', '192.0.2.10'), verdict('url', URL)] } } };

test.each([
  ['STIX', 3, stix, [`url ${URL}`, 'ip 192.0.2.10', 'ip 198.51.100.20', 'domain gate.example']],
  ['MISP', 5, misp, ['ip 192.0.2.10', 'domain panel.example', 'ip 198.51.100.20', `url ${URL}`, 'domain gate.example']],
  ['CTIM', 2, ctim, ['domain panel.example', 'ip 192.0.2.10', `sha256 ${SHA256}`]],
  ['a relay answer', 2, own, ['ip 192.0.2.10', `url ${URL}`]],
  ['JSON strings', 3, ['192.0.2.10', URL, 'gate[.]example'], ['ip 192.0.2.10', `url ${URL}`, 'domain gate.example']],
])('%s', async (title, records, document, wanted) => {
  const reading = collect();
  expect((await readJsonDocument(JSON.stringify(document, null, 2), reading)).title).toBe(title);
  expect(named(reading.findings)).toEqual(wanted);
  expect(reading.notes).toEqual([]);
  expect(reading.records).toBe(records);
});

test('any other JSON: its strings, decoded', async () => {
  const reading = collect();
  const text = String.raw`{"alert":{"note":"C2:\n192.0.2.10\n198.51.100.20","link":"http://panel.example/x\u0026y=2","html":"\u003ca href=\"https://gate.example/\"\u003e"}}`;
  expect((await readJsonDocument(text, reading)).title).toBe('JSON');
  expect(named(reading.findings)).toEqual([
    'ip 192.0.2.10',
    'ip 198.51.100.20',
    'url http://panel.example/x&y=2',
    'url https://gate.example/',
  ]);
  expect(reading.records).toBe(1);
});
