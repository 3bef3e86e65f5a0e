import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import type { Indicator } from '../../src/documents/indicator.ts';
import { mergeIndicators } from '../../src/documents/merged-indicator.ts';
import { toMispEvent, writeMispEvent } from '../../src/documents/misp.ts';
import { failedRow, skippedRow, unlistedRow } from '../cli/output/rows.ts';
import { hostileRows } from './hostile.ts';
import { mispSchema } from './row-schemas.ts';
import { NOW, write } from './read-back.ts';

const PANEL: Indicator = {
  type: 'url',
  value: 'http://panel.example/a',
  family: 'Pony',
  firstListed: '2018-01-14',
  entry: 'panel.example/a',
  answeredAt: '2026-03-01T12:34:56.789Z',
};
const toEvent = (indicators: readonly Indicator[], now = NOW) => toMispEvent(mergeIndicators(indicators), { info: 'x', now });

describe('an event', () => {
  test('has an attribute for each value, with its first day, family and entry', () => {
    const event = toEvent([PANEL, { ...PANEL, type: 'ip', value: '192.0.2.1', firstListed: '2017-12-10', family: '' }]);
    expect(event).toMatchObject({ info: 'x', date: '2018-01-14', timestamp: '1772409600', Tag: [{ name: 'tlp:clear' }] });
    expect(event.Attribute).toMatchObject([
      {
        type: 'url',
        value: 'http://panel.example/a',
        first_seen: '2018-01-14T00:00:00.000000+00:00',
        comment: 'Pony; listed as panel.example/a',
      },
      {
        type: 'ip-dst',
        value: '192.0.2.1',
        first_seen: '2017-12-10T00:00:00.000000+00:00',
        comment: 'listed as panel.example/a',
      },
    ]);
  });

  test('names all families and entries of a value that has several, five of each at most', () => {
    const several = Array.from({ length: 7 }, (_, at) => ({
      ...PANEL,
      family: `family ${at % 2}`,
      entry: `panel.example/${at}`,
    }));
    const entries = [0, 1, 2, 3, 4].map((at) => `panel.example/${at}`).join(', ');
    expect(toEvent(several).Attribute.map(({ comment }) => comment)).toEqual([
      `family 0, family 1; listed as ${entries}, 2 more`,
    ]);
  });

  test('has the same UUIDs on another day, and other ones in another event', () => {
    const uuids = (event: ReturnType<typeof toEvent>) => [event.uuid, ...event.Attribute.map(({ uuid }) => uuid)];
    const again = toEvent([{ ...PANEL, family: 'Zeus', firstListed: '' }], new Date('2027-01-01'));
    expect(uuids(again)).toEqual(uuids(toEvent([PANEL])));
    const other = toMispEvent(mergeIndicators([PANEL]), { info: 'x', now: NOW, uuid: '00000000-0000-4000-8000-000000000000' });
    expect(uuids(other).filter((uuid) => uuids(again).includes(uuid))).toEqual([]);
  });

  test('has no first day where none is known, and the day of the answer', () => {
    const event = toEvent([{ ...PANEL, firstListed: '' }]);
    expect([event.date, event.Attribute[0]?.first_seen]).toEqual(['2026-03-01', undefined]);
  });

  test('of nothing listed has no attributes', async () => {
    const texts = [await write('misp', []), await write('misp', [unlistedRow, skippedRow, failedRow])];
    expect(texts.map((text) => z.parse(mispSchema, JSON.parse(text)).Event)).toMatchObject([
      { Attribute: [], date: '2026-03-02' },
      { Attribute: [], date: '2026-03-02' },
    ]);
  });

  test('is valid for hostile values and families, with comments on one line', async () => {
    const { Event: event } = z.parse(mispSchema, JSON.parse(await write('misp', hostileRows)));
    expect(event.Attribute.map(({ value }) => value)).toEqual(hostileRows.map(({ observable }) => observable.value));
    expect(event.Attribute.filter(({ comment }) => /\p{Cc}|\u202E/u.test(comment))).toEqual([]);
    expect(new Set(event.Attribute.map(({ uuid }) => uuid)).size).toBe(hostileRows.length);
  });

  test('is written as it is', () => {
    const event = toEvent([PANEL, { ...PANEL, value: 'http://panel.example/b' }]);
    expect(JSON.parse([...writeMispEvent(event)].join(''))).toEqual({ Event: event });
  });
});
