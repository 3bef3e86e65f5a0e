import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { Indicator } from '../../src/documents/indicator.ts';
import { createEcsFormat, toEcsDocument } from '../../src/documents/ecs.ts';
import { jsonEvents } from '../../src/records/json-events.ts';
import { failedRow, skippedRow, unlistedRow } from '../cli/output/rows.ts';
import { collect } from '../records/collect-lines.ts';
import { hostileRows, toRow } from './hostile.ts';
import { ecsSchema } from './row-schemas.ts';
import { write } from './read-back.ts';

const PANEL: Indicator = {
  type: 'url',
  value: ' http://panel.example/a ',
  family: 'Pony',
  firstListed: '2018-01-14',
  entry: 'panel.example/a',
  answeredAt: '2026-03-01T12:34:56.789Z',
  sourceUri: 'https://tracker.example/index.php?search=panel.example%2Fa',
};

describe('a document', () => {
  test('is a threat indicator', () => {
    expect(z.parse(ecsSchema, toEcsDocument(PANEL))).toEqual({
      '@timestamp': '2026-03-01T12:34:56.789Z',
      ecs: { version: '8.17.0' },
      event: { kind: 'enrichment', category: ['threat'], type: ['indicator'] },
      threat: {
        feed: { name: 'CyberCrime Tracker' },
        indicator: {
          type: 'url',
          url: { full: 'http://panel.example/a' },
          provider: 'CyberCrime Tracker',
          confidence: 'Low',
          description: 'Malicious: Pony',
          reference: PANEL.sourceUri,
          first_seen: '2018-01-14T00:00:00.000Z',
          marking: { tlp: 'CLEAR' },
        },
      },
    });
  });

  test('of an entry of a list has the day of the list as its time, and no first day where none is known', () => {
    const document = z.parse(ecsSchema, toEcsDocument({ ...PANEL, firstListed: '', answeredAt: '2026-03-01' }));
    expect([document['@timestamp'], document.threat.indicator.first_seen]).toEqual(['2026-03-01T00:00:00.000Z', undefined]);
  });

  test('is printed with its row, and none for what is not listed', () => {
    const format = createEcsFormat();
    const rows = [unlistedRow, skippedRow, failedRow, toRow({ type: 'hostname', value: 'panel.example' }, '')];
    const lines = rows.map((row) => format.add([row]));
    expect([format.isStreaming, lines.slice(0, 3), [...format.end()]]).toEqual([true, ['', '', ''], []]);
    expect(JSON.parse(lines[3] ?? '')).toMatchObject({
      threat: { indicator: { type: 'domain-name', url: { domain: 'panel.example' } } },
    });
  });

  test('is valid for hostile values and families, and has no dotted keys', async () => {
    const lines = (await write('ecs', hostileRows)).trimEnd().split('\n');
    expect(lines).toHaveLength(hostileRows.length);
    const problems = lines.filter((line) => !z.safeParse(ecsSchema, JSON.parse(line)).success || /"[\w@]+\.[\w.]+":/.test(line));
    expect(problems).toEqual([]);
  });
});

test('an indicator of another provider is read as before: all its fields, and its texts', () => {
  const other = { ...PANEL, value: '192.0.2.1', type: 'ip' as const, family: 'gate.example' };
  const text = JSON.stringify(toEcsDocument(other)).replaceAll('CyberCrime Tracker', 'Another');
  expect(collect(jsonEvents, text).found).toEqual(['ip 192.0.2.1', 'domain gate.example', `url ${PANEL.sourceUri}`]);
});
