import fc from 'fast-check';
import { expect } from 'vitest';
import type { LedgerRow } from '../../src/core/ledger/ledger.ts';
import type { State } from '../../src/core/ledger/state.ts';
import { checkStateHeader, createState, parseKnownRow } from '../../src/core/ledger/state.ts';
import { testProperty } from './cases.ts';
import { rowsIn } from './outcomes.ts';

const textOf = (state: State): string => [...state.write()].join('');

function readState(text: string): State {
  const state = createState();
  const [header = '', ...lines] = text.trimEnd().split('\n');
  checkStateHeader(JSON.parse(header), 'state');
  for (const line of lines) {
    const { observable, evidence } = parseKnownRow(JSON.parse(line), 'state');
    state.add(observable, evidence ?? '');
  }
  return state;
}

const keyOf = ({ observable }: LedgerRow): string => JSON.stringify(observable);

/** What is compared of a row. */
function comparedOf({ status, family, matched, related, warnings }: LedgerRow): string {
  return JSON.stringify([status, family, matched?.entry, matched?.date, related?.entry, warnings]);
}

const marks = fc.array(fc.constantFrom('a list', 'another'), { minLength: 1, maxLength: 2 });
const marked = rowsIn('observe').chain((rows) =>
  fc.array(fc.option(marks, { nil: undefined }), { minLength: rows.length, maxLength: rows.length }).map((lists) =>
    rows.map((row, at): LedgerRow => {
      const warnings = lists[at];
      return warnings ? { ...row, warnings } : row;
    }),
  ),
);

/** Runs in which the observables of earlier ones come again, with the same rows or others. */
const runs = fc
  .tuple(fc.array(marked, { maxLength: 3 }), fc.array(fc.nat(2), { maxLength: 5 }))
  .map(([kinds, order]) => order.flatMap((at) => (kinds[at] ? [kinds[at]] : [])));

testProperty('over any runs a row is printed when it is not as it was last answered, and only then', [runs], (all) => {
  const last = new Map<string, string>();
  let text = textOf(createState());
  for (const rows of all) {
    const state = readState(text);
    for (const row of rows) {
      const change = state.compare(row);
      const isSame = row.status === 'failed' || last.get(keyOf(row)) === comparedOf(row);
      expect(change === undefined).toBe(isSame);
      if (change) expect(change === 'new').toBe(!last.has(keyOf(row)));
      if (row.status !== 'failed') last.set(keyOf(row), comparedOf(row));
    }
    text = textOf(state);
  }
});

testProperty('a state after runs is that of their last rows, in any order, and reads back as itself', [runs], (all) => {
  const state = createState();
  for (const row of all.flat()) state.compare(row);
  const rows = new Map(all.flat().flatMap((row) => (row.status === 'failed' ? [] : [[keyOf(row), row] as const])));
  const fresh = createState();
  for (const row of [...rows.values()].reverse()) fresh.compare(row);
  expect(textOf(fresh)).toBe(textOf(state));
  expect(textOf(readState(textOf(state)))).toBe(textOf(state));
});
