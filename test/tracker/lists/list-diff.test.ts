import { expect, test } from 'vitest';
import { countDiff, diffEntries } from '../../../src/tracker/lists/list-diff.ts';
import type { SnapshotEntry } from '../../../src/tracker/snapshot/snapshot-file.ts';

/** `date|url|ip|family`; a host list's entry has `host:` before its url. */
function entry(text: string): SnapshotEntry {
  const [date = '', url = '', ip = '', family = ''] = text.split('|');
  const covers = url.startsWith('host:') ? 'host' : 'url';
  return { date, covers, url: url.replace('host:', ''), ip, family };
}

const toText = ({ date, covers, url, ip, family }: SnapshotEntry): string =>
  [date, covers === 'host' ? `host:${url}` : url, ip, family].join('|');

function diff(before: readonly string[], after: readonly string[]) {
  const { added, removed, changed } = diffEntries(before.map(entry), after.map(entry));
  return {
    added: added.map(toText),
    removed: removed.map(toText),
    changed: changed.map(({ from, to }) => `${toText(from)} > ${toText(to)}`),
  };
}

test('entries are compared by their place: the url with its host in any case and what it covers, or the address', () => {
  const before = ['2026-01-01|a.example/x||', '|b.example||', '|host:c.example||', '||192.0.2.1|', '|| 192.0.2.2 |'];
  const after = ['2026-01-01|A.example/x||', '|c.example||', '||192.0.2.1|', '||192.0.2.2|'];
  expect(diff(before, after)).toEqual({ added: ['|c.example||'], removed: ['|b.example||', '|host:c.example||'], changed: [] });
});

test('an entry changes by its date, address or family', () => {
  const before = ['2026-01-01|a.example||', '|b.example|192.0.2.1|', '|c.example||Pony', '|d.example||Pony'];
  const after = ['2026-01-02|a.example||', '|b.example||', '|c.example||PONY', '|d.example||Pony'];
  expect(diff(before, after)).toEqual({
    added: [],
    removed: [],
    changed: [
      '2026-01-01|a.example|| > 2026-01-02|a.example||',
      '|b.example|192.0.2.1| > |b.example||',
      '|c.example||Pony > |c.example||PONY',
    ],
  });
});

test('of several entries of one place equal ones are left out first', () => {
  const [old, same, other] = ['2024-01-01|a.example||Pony', '2025-01-01|a.example||ZeuS', '2026-01-01|a.example||Citadel'];
  expect(diff([old, same], [other, same])).toEqual({ added: [], removed: [], changed: [`${old} > ${other}`] });
  expect(diff([same], [same, same, other])).toEqual({ added: [same, other], removed: [], changed: [] });
  expect(diff([old, same], [other, `${other}2`]).changed).toEqual([`${old} > ${other}`, `${same} > ${other}2`]);
  expect(diff([old, same, old], [old])).toEqual({ added: [], removed: [same, old], changed: [] });
});

test('equal lists do not differ, in any order, and the parts are counted', () => {
  const list = ['2026-01-01|a.example||', '|b.example||'];
  expect(diff(list, list.toReversed())).toEqual({ added: [], removed: [], changed: [] });
  const { added, removed, changed } = diffEntries(list.map(entry), ['|b.example||Pony', '|c.example||'].map(entry));
  expect(countDiff({ added, removed, changed })).toEqual({ added: 1, removed: 1, changed: 1 });
});
