import { describe, expect, test } from 'vitest';
import type { Cell } from './faults/cells.ts';
import type { Outcome } from './faults/outcome.ts';
import { judge } from './faults/judge.ts';
import { list } from './faults/scenario.ts';
import { PACE, find } from './faults/found-cells.ts';

type Update = Extract<Outcome, { kind: 'update' }>;

describe('an update', () => {
  const [fails, heals] = [find('update, all'), find('update, later')];
  const old: Update = { kind: 'update', status: 4, stderr: '', isOldKept: true, urls: [], tookMs: 100 };
  const urls = list.map(({ url }) => url);
  const healed: Update = { ...old, status: 0, stderr: 'using all.php', isOldKept: false, urls };

  test('that is right', () => {
    expect([judge(fails, old, PACE).problems, judge(heals, healed, PACE).problems]).toEqual([[], []]);
  });

  test.each<[string, Cell, Outcome, RegExp]>([
    ['changes the old list', fails, { ...old, isOldKept: false }, /the old list did not stay/],
    ['succeeds', fails, { ...old, status: 0 }, /exit status 0, and not 4/],
    ['loses an entry', heals, { ...healed, urls: urls.slice(1) }, /of 30 entries 1 are missing among 29/],
    ['keeps the old list', heals, { ...healed, isOldKept: true }, /the old list stayed/],
    ['does not say which list it is', heals, { ...healed, stderr: '' }, /not said to be the list of all.php/],
    ['is late', fails, { ...old, tookMs: 1e6 }, /^took/],
    ['is no update', fails, { kind: 'rows', status: 0, rows: [], tookMs: 1 }, /of another kind: rows/],
  ])('that %s is wrong', (_what, cell, outcome, problem) => {
    expect(judge(cell, outcome, PACE).problems.join('\n')).toMatch(problem);
  });
});
