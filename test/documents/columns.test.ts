import { expect, test } from 'vitest';
import type { LedgerRow } from '../../src/core/ledger/ledger.ts';
import { rowPaths } from '../../src/core/ledger/row-paths.ts';
import { toCells, toColumn } from '../../src/documents/columns.ts';
import { toListedRow } from '../cli/output/rows.ts';

const entry = 'panel.example/x';
const place = { file: 'a.log', line: 3, time: '2026-11-01T10:00:00Z' };
const row: LedgerRow = {
  ...toListedRow('a', 'http://family.example/'),
  matched: { by: 'address', entry, shared: 2, from: 'snapshot' },
  related: { by: 'host', entries: 1, newest: null, entry },
  older: { date: null, entry },
  warnings: ['One', 'Two'],
  seen: { first: place, count: 2, last: place },
};

const cell = (path: (typeof rowPaths)[number], isDefanged = false) => toColumn(path).toText(row, isDefanged);

test('a column has what is at its path: numbers as text, lists joined, nothing for null and what is missing', () => {
  expect(
    (['matched.shared', 'seen.first.line', 'warnings', 'related.newest', 'matched.date', 'error.code', 'reason'] as const).map(
      (path) => cell(path),
    ),
  ).toEqual(['2', '3', 'One; Two', '', '', '', '']);
  expect(cell('judgement.external_ids')).toMatch(/^cybercrime-tracker-/);
});

test('values and entries are defanged, and nothing else', () => {
  const changed = rowPaths.filter((path) => cell(path, true) !== cell(path));
  expect(changed).toEqual([
    ...['observable.value', 'matched.entry', 'related.entry', 'older.entry'],
    ...['verdict.observable.value', 'judgement.observable.value'],
  ]);
  expect(toCells(row, [toColumn('matched.entry'), toColumn('family')], true)).toEqual([
    'panel[.]example/x',
    'http://family.example/',
  ]);
});
