import { describe, expect, test } from 'vitest';
import type { Cell, LookupCell } from './faults/cells.ts';
import { boundMsOf } from './faults/cells.ts';
import type { Outcome, SeenError, SeenRow } from './faults/outcome.ts';
import { fateOf, judge, MOST_BYTES, readNames } from './faults/judge.ts';
import { FAULTY_AT, fifty, SNAPSHOT_DATE, SNAPSHOT_FAMILY } from './faults/scenario.ts';
import { PACE, find } from './faults/found-cells.ts';

/*
 * The judge of the fault matrix, given what the program must never say. Nothing is run: what it judges is made here, right first and then
 * with one thing wrong.
 */

const MESSAGE = 'The tracker answered 404 Not Found';

function findLookup(name: string): LookupCell {
  const cell = find(name);
  if (cell.surface === 'update') throw new Error(`${name} is an update`);
  return cell;
}

const failure: SeenError = { type: 'fatal', code: 'not found', message: MESSAGE };

const warning: SeenError = {
  type: 'warning',
  code: 'service unavailable',
  message: `Live lookup failed; answered from the snapshot of ${SNAPSHOT_DATE}. ${MESSAGE}`,
};

function toRight(cell: LookupCell): SeenRow[] {
  return cell.asked.map((asked): SeenRow => {
    const { value, family } = asked;
    switch (fateOf(cell, asked)) {
      case 'unlisted':
        return { value, status: 'unlisted', source: 'live' };
      case 'listed':
        return { value, status: 'listed', source: 'live', family: family ?? '' };
      case 'from snapshot':
        return { value, status: 'listed', source: 'snapshot', family: SNAPSHOT_FAMILY, error: warning };
      case 'failed':
        return { value, status: 'failed', error: failure };
    }
  });
}

type Rows = Extract<Outcome, { kind: 'rows' }>;

type Answer = Extract<Outcome, { kind: 'answer' }>;

const FAULTY = fifty[FAULTY_AT]?.value ?? '';

const LISTED = fifty[0]?.value ?? '';

const UNLISTED = fifty[1]?.value ?? '';

/** The rows, with that of one value changed. */
function withRow(rows: readonly SeenRow[], value: string, change: Partial<SeenRow>): SeenRow[] {
  return rows.map((row) => (row.value === value ? { ...row, ...change } : row));
}

describe('rows', () => {
  const cell = findLookup('cli live, one of fifty');
  const rows = toRight(cell);
  const right: Rows = { kind: 'rows', status: 3, rows, tookMs: 100, peakBytes: 1 };
  const hit = findLookup('cli auto, one of fifty, in the snapshot');
  const hitRows = toRight(hit);

  test.each([
    ['one failed of fifty', cell, right],
    ['one alone that failed', findLookup('cli live, one'), { ...right, status: 4, rows: toRight(findLookup('cli live, one')) }],
    ['a hit in the snapshot', hit, { ...right, status: 0, rows: hitRows }],
  ])('that are right: %s', (_what, asked, outcome) => {
    expect(judge(asked, outcome, PACE)).toEqual({ problems: [], falseCleans: 0 });
  });

  test.each<[string, Cell, Rows, falseCleans: number, problem: RegExp]>([
    [
      'a false clean',
      cell,
      { ...right, rows: withRow(rows, FAULTY, { status: 'unlisted', error: undefined }) },
      1,
      /h23.*unlisted/,
    ],
    [
      'a panel said to be unlisted',
      cell,
      { ...right, rows: withRow(rows, LISTED, { status: 'unlisted' }) },
      1,
      /and not Family0/,
    ],
    ['a failed one that is lost', cell, { ...right, rows: rows.filter(({ value }) => value !== FAULTY) }, 1, /is lost/],
    ['an unlisted one that is lost', cell, { ...right, rows: rows.filter(({ value }) => value !== UNLISTED) }, 0, /is lost/],
    ['nothing at all', cell, { ...right, rows: [] }, 18, /is lost/],
    ['rows out of order', cell, { ...right, rows: rows.toReversed() }, 0, /not those of what was asked/],
    ['a row too many', cell, { ...right, rows: [...rows, ...rows.slice(0, 1)] }, 0, /not those of what was asked/],
    ['the answer of another', cell, { ...right, rows: withRow(rows, LISTED, { family: 'Family3' }) }, 0, /and not Family0/],
    [
      'a hit that is none',
      cell,
      { ...right, rows: withRow(rows, UNLISTED, { status: 'listed', family: 'x' }) },
      0,
      /not unlisted/,
    ],
    [
      'a failure of another kind',
      cell,
      { ...right, rows: withRow(rows, FAULTY, { error: { ...failure, code: 'unknown' } }) },
      0,
      /h23/,
    ],
    ['exit status 0', cell, { ...right, status: 0 }, 0, /exit status 0, and not 3/],
    ['an end by a signal', cell, { ...right, status: null }, 0, /exit status null, and not 3/],
    ['too long a run', cell, { ...right, tookMs: boundMsOf(cell, PACE) + 1 }, 0, /^took \d+ ms, more than/],
    ['too much memory', cell, { ...right, peakBytes: MOST_BYTES.lookup + 1 }, 0, /^held \d+ MiB, more than/],
    ['a hit without its warning', hit, { ...right, status: 0, rows: withRow(hitRows, FAULTY, { error: undefined }) }, 0, /h23/],
    [
      'a miss said to be unlisted',
      hit,
      { ...right, status: 0, rows: withRow(hitRows, FAULTY, { status: 'unlisted' }) },
      1,
      /h23/,
    ],
  ])('with %s are wrong', (_what, asked, outcome, falseCleans, problem) => {
    const verdict = judge(asked, outcome, PACE);
    expect(verdict.falseCleans).toBe(falseCleans);
    expect(verdict.problems.join('\n')).toMatch(new RegExp(problem, 'm'));
  });
});

describe('an answer', () => {
  const all = findLookup('relay auto, all of fifty, in the snapshot');
  const hits = toRight(all).filter(({ status }) => status === 'listed');
  const missed = toRight(all).filter(({ status }) => status === 'failed');
  const toNames = (rows: readonly SeenRow[], count = rows.length) =>
    `${rows
      .map(({ value }) => value)
      .slice(0, 5)
      .join(', ')} and ${count - 5} more`;
  const toErrors = (count = missed.length): SeenError[] => [
    { ...warning, message: `${warning.message}: ${toNames(hits)}` },
    { ...failure, message: `${MESSAGE}: ${toNames(missed, count)}` },
  ];
  const right: Answer = { kind: 'answer', status: 200, invalid: [], listed: hits, errors: toErrors(), tookMs: 100 };

  test('that is right', () => {
    expect(judge(all, right, PACE)).toEqual({ problems: [], falseCleans: 0 });
  });

  test.each<[string, Answer, falseCleans: number, problem: RegExp]>([
    ['counts one too few', { ...right, errors: toErrors(missed.length - 1) }, 1, /23 are named with a fatal error, and not 24/],
    ['is empty', { ...right, listed: [], errors: [] }, 50, /0 are named/],
    ['lacks a hit', { ...right, listed: hits.slice(1) }, 1, /listed as undefined, and not as OnTheList/],
    [
      'lists one that is not',
      { ...right, listed: [...hits, { value: UNLISTED, status: 'listed', family: 'x' }] },
      0,
      /listed as x/,
    ],
    [
      'names another',
      { ...right, errors: toErrors().map((error) => ({ ...error, message: error.message.replace('/p1?', '/x?') })) },
      1,
      /x\?q=1/,
    ],
    [
      'says another thing',
      { ...right, errors: toErrors().map((error) => ({ ...error, code: 'unknown' })) },
      0,
      /not the fault's/,
    ],
    ['is not valid', { ...right, invalid: ['/data is wrong'] }, 0, /not valid: \/data is wrong/],
    ['has another status', { ...right, status: 500 }, 0, /HTTP status 500/],
    ['is late', { ...right, tookMs: boundMsOf(all, PACE) + 1 }, 0, /^took/m],
  ])('that %s is wrong', (_what, outcome, falseCleans, problem) => {
    const verdict = judge(all, outcome, PACE);
    expect(verdict.falseCleans).toBe(falseCleans);
    expect(verdict.problems.join('\n')).toMatch(problem);
  });

  test('names its observables at its end', () => {
    expect(readNames('Not x: y: a, http://b.example/?c=d and 7 more')).toEqual({
      names: ['a', 'http://b.example/?c=d'],
      more: 7,
    });
    expect([readNames('x: a'), readNames('nobody')]).toEqual([
      { names: ['a'], more: 0 },
      { names: [], more: 0 },
    ]);
  });
});
