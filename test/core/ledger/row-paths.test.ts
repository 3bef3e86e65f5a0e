import { expect, test } from 'vitest';
import { isRowPath, rowPaths, suggestRowPaths } from '../../../src/core/ledger/row-paths.ts';

test('a path names a value, never an object or what objects inherit', () => {
  const texts = [
    'observable.value',
    'seen.first.line',
    'warnings',
    'observable',
    'matched',
    'constructor',
    '__proto__',
    '',
    'STATUS',
  ];
  expect(texts.filter(isRowPath)).toEqual(['observable.value', 'seen.first.line', 'warnings']);
});

test.each([
  ['entry', ['matched.entry', 'related.entry', 'older.entry']],
  ['older', ['older.date', 'older.entry']],
  ['observable.valu', ['observable.value']],
  ['Status', ['status']],
  ['familly', ['family']],
  ['matched_entry', ['matched.entry']],
  ['mathced.yb', ['matched.by']],
  ['valid_time', ['verdict.valid_time.end_time', 'judgement.valid_time.end_time']],
])('a wrong path is near others: %s', (wrong, expected) => {
  expect(suggestRowPaths(wrong)).toEqual(expect.arrayContaining(expected));
  expect(suggestRowPaths(wrong).length).toBeLessThan(8);
});

test('all are named where none is near', () => {
  expect(['', 'zzzzzzzz', 'x'.repeat(10_000), '💩'].filter((wrong) => suggestRowPaths(wrong) !== rowPaths)).toEqual([]);
});
