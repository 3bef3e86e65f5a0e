import { describe, expect, test } from 'vitest';
import { carryFactsOver, mergeEntries } from '../../../src/tracker/lists/list-merge.ts';
import type { SnapshotEntry } from '../../../src/tracker/snapshot/snapshot-file.ts';

/** An entry written as `date|url|ip|family`, or with `host:` before the url. */
function entry(text: string): SnapshotEntry {
  const [date = '', place = '', ip = '', family = ''] = text.split('|');
  const isHost = place.startsWith('host:');
  return { date, covers: isHost ? 'host' : 'url', url: isHost ? place.slice('host:'.length) : place, ip, family };
}

const toText = ({ date, covers, url, ip, family }: SnapshotEntry) =>
  `${date}|${covers === 'host' ? 'host:' : ''}${url}|${ip}|${family}`;

function merge(...lists: readonly (readonly string[])[]) {
  const { entries, mergedCount } = mergeEntries(lists.map((list) => list.map(entry)));
  return [entries.map(toText), mergedCount];
}

describe('two entries', () => {
  test.each([
    ['the same', ['2026-01-01|a.example/x|192.0.2.1|Pony'], ['2026-01-01|a.example/x|192.0.2.1|Pony']],
    ['the second has more facts', ['|a.example/x||'], ['2026-01-01|a.example/x|192.0.2.1|Pony']],
    ['each has what the other lacks', ['2026-01-01|a.example/x||'], ['|a.example/x|192.0.2.1|Pony']],
    ['the host is in capitals', ['2026-01-01|a.example/x|192.0.2.1|Pony'], ['|A.Example/x||']],
    ['there is space around', ['2026-01-01|a.example/x|192.0.2.1|Pony'], ['| a.example/x ||']],
    ['the family is in capitals', ['2026-01-01|a.example/x|192.0.2.1|Pony'], ['|a.example/x||PONY']],
  ])('are one when %s', (_what, first, second) => {
    expect(merge(first, second)).toEqual([['2026-01-01|a.example/x|192.0.2.1|Pony'], 1]);
  });

  test('that are hosts alone are one in any case, but two where only their capitals are the same', () => {
    expect(merge(['|PANEL.EXAMPLE||'], ['|panel.example||'])).toEqual([['|PANEL.EXAMPLE||'], 1]);
    expect(merge(['|straße.example||'], ['|strasse.example||'])).toEqual([['|straße.example||', '|strasse.example||'], 0]);
  });

  test('without a url are one by their address', () => {
    expect(merge(['||192.0.2.1|Pony', '||192.0.2.2|Pony'], ['2026-01-01||192.0.2.1|'])).toEqual([
      ['2026-01-01||192.0.2.1|Pony', '||192.0.2.2|Pony'],
      1,
    ]);
  });

  test.each([
    ['another date', '2026-01-02|a.example/x|192.0.2.1|Pony'],
    ['another address', '2026-01-01|a.example/x|192.0.2.2|Pony'],
    ['another family', '2026-01-01|a.example/x|192.0.2.1|ZeuS'],
    ['another path', '|a.example/X||'],
    ['another port', '|a.example:80/x||'],
    ['a slash more', '|a.example/x/||'],
    ['the whole host', '|host:a.example/x||'],
  ])('stay both with %s', (_what, other) => {
    const first = '2026-01-01|a.example/x|192.0.2.1|Pony';
    expect(merge([first], [other])).toEqual([[first, other], 0]);
  });
});

test('lists keep their order, and an entry the place of the first', () => {
  expect(merge(['|a.example||', '|b.example||'], ['|c.example||', '|a.example||x', '|d.example||'], ['|b.example||'])).toEqual([
    ['|a.example||x', '|b.example||', '|c.example||', '|d.example||'],
    2,
  ]);
});

test('merged facts count for the next entry', () => {
  expect(merge(['|a.example||'], ['2026-01-01|a.example||', '2026-01-02|a.example||'], ['|a.example||x'])).toEqual([
    ['2026-01-01|a.example||x', '2026-01-02|a.example||'],
    2,
  ]);
});

test('an entry is compared with the first twenty about its place', () => {
  const list = Array.from({ length: 21 }, (_, at) => `|a.example||f${at}`);
  expect(merge(list, ['|a.example||f19'])).toEqual([list, 1]);
  expect(merge(list, ['|a.example||f20'])).toEqual([[...list, '|a.example||f20'], 0]);
});

test('a hostile list of one place is merged in linear time, and kept', () => {
  let reads = 0;
  const list = Array.from({ length: 5000 }, (_, at) => ({
    ...entry(`|a.example||f${at}`),
    get date() {
      reads += 1;
      return '';
    },
  }));
  expect(mergeEntries([list]).entries).toHaveLength(5000);
  expect(reads).toBeLessThan(5000 * 100);
});

describe('a list of urls alone', () => {
  test('takes the facts of all older entries of its urls', () => {
    const older = ['2026-01-01|a.example/x|192.0.2.1|Pony', '|gone.example||', '2025-01-01|A.example/x||ZeuS'];
    expect(carryFactsOver(['|new.example||', '|a.example/x||'].map(entry), older.map(entry)).map(toText)).toEqual([
      '|new.example||',
      '2026-01-01|a.example/x|192.0.2.1|Pony',
      '2025-01-01|A.example/x||ZeuS',
    ]);
  });

  test('keeps the entries that it cannot hold, and none that cover a host', () => {
    const older = ['2026-01-01||192.0.2.1|Pony', '2026-01-01|host:a.example||Pony', '| |192.0.2.2|'];
    expect(carryFactsOver([entry('|a.example||')], older.map(entry)).map(toText)).toEqual([
      '|a.example||',
      '2026-01-01||192.0.2.1|Pony',
      '| |192.0.2.2|',
    ]);
  });
});
