import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/core/lookups/outcome.ts';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { CctError } from '../../../src/core/errors.ts';
import { count, createTally, toExitStatus, toLedgerRow } from '../../../src/core/ledger/ledger.ts';
import { toJudgement, toVerdict } from '../../../src/core/ctim/mapper.ts';
import { ANSWERED_AT, API_URL, toListed, toListedOutcome, toQuestion, toUrl, unlisted } from '../samples.ts';

const facts = { observable: toUrl('a'), question: toQuestion('a'), answeredAt: ANSWERED_AT, apiUrl: API_URL };

const unlistedOutcome: Outcome = { status: 'unlisted', observable: toUrl('a'), question: toQuestion('a'), answer: unlisted };
const skippedOutcome: Outcome = {
  status: 'skipped',
  observable: { type: 'domain', value: 'panel.example' },
  skip: 'unsupported',
  detail: 'domains need a list',
};

function toFailedOutcome(code: ErrorCode): Outcome {
  return { status: 'failed', observable: toUrl('a'), question: toQuestion('a'), error: new CctError(code, 'What happened') };
}

describe('the row of a listed observable', () => {
  test('holds the family and, to observe, a Verdict tied to a Judgement', () => {
    const judgement = toJudgement({ ...facts, listing: toListed() });
    expect(toLedgerRow(toListedOutcome('a'), { mode: 'observe', apiUrl: API_URL })).toStrictEqual({
      observable: toUrl('a'),
      status: 'listed',
      source: 'live',
      answered_at: '2026-03-01T12:34:56.789Z',
      family: 'Citadel',
      verdict: toVerdict({ ...facts, listing: toListed() }, judgement),
      judgement,
    });
  });

  test('holds, to deliberate, a Verdict without judgement_id and no Judgement', () => {
    expect(toLedgerRow(toListedOutcome('a'), { mode: 'deliberate', apiUrl: API_URL })).toStrictEqual({
      observable: toUrl('a'),
      status: 'listed',
      source: 'live',
      answered_at: '2026-03-01T12:34:56.789Z',
      family: 'Citadel',
      verdict: toVerdict({ ...facts, listing: toListed() }),
    });
  });

  test('holds how the hit came about where that is known, and a warning that goes with the answer', () => {
    const matched = { by: 'url', entry: 'panel.example/a', date: '2018-01-14', from: 'snapshot' } as const;
    const outcome = toListedOutcome('a', { matched });
    const row = toLedgerRow(outcome, { mode: 'observe', apiUrl: API_URL });
    expect([row.matched, row.error]).toEqual([matched, undefined]);
    const warned: Outcome = {
      observable: toUrl('a'),
      question: toQuestion('a'),
      status: 'listed',
      answer: { ...toListed(), warning: new CctError('from-snapshot', 'Instead') },
    };
    expect(toLedgerRow(warned, { mode: 'observe', apiUrl: API_URL }).error).toEqual({
      type: 'warning',
      code: 'service unavailable',
      message: 'Instead',
    });
  });

  test('tells the moment of each answer, whichever came before', () => {
    const moments = [ANSWERED_AT, new Date(0), new Date(ANSWERED_AT), new Date(1)];
    const rows = moments.map((answeredAt) =>
      toLedgerRow(
        { ...unlistedOutcome, status: 'unlisted', answer: { ...unlisted, answeredAt } },
        { mode: 'observe', apiUrl: API_URL },
      ),
    );
    expect(rows.map((row) => row.answered_at)).toEqual(moments.map((moment) => moment.toISOString()));
  });

  test('holds the date first listed where it is known', () => {
    const outcome = toListedOutcome('a', { firstListed: '2018-01-20' });
    expect(toLedgerRow(outcome, { mode: 'deliberate', apiUrl: API_URL }).first_listed).toBe('2018-01-20');
  });

  test('holds an empty family where the tracker names none', () => {
    expect(toLedgerRow(toListedOutcome('a', { family: '' }), { mode: 'deliberate', apiUrl: API_URL }).family).toBe('');
  });

  test('says when and by what it was answered', () => {
    const answeredAt = new Date('2026-01-01T00:00:00Z');
    const outcome: Outcome = { ...unlistedOutcome, status: 'listed', answer: { ...toListed(), source: 'cache', answeredAt } };
    const { source, answered_at, verdict } = toLedgerRow(outcome, { mode: 'observe', apiUrl: API_URL });
    expect([source, answered_at, verdict?.valid_time.start_time]).toEqual([
      'cache',
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.000Z',
    ]);
  });
});

describe('the row of any other observable', () => {
  const toRow = (outcome: Outcome) => toLedgerRow(outcome, { mode: 'observe', apiUrl: API_URL });

  test('that is unlisted holds source and time', () => {
    expect(toRow(unlistedOutcome)).toStrictEqual({
      observable: toUrl('a'),
      status: 'unlisted',
      source: 'live',
      answered_at: '2026-03-01T12:34:56.789Z',
    });
  });

  test('that is skipped holds the reason', () => {
    expect(toRow(skippedOutcome)).toStrictEqual({
      observable: { type: 'domain', value: 'panel.example' },
      status: 'skipped',
      reason: 'unsupported: domains need a list',
    });
  });

  test('on warninglists names them behind the evidence, whatever its fate', () => {
    const warnings = ['Shared names'];
    const older = { date: null, entry: 'a' };
    const answered = { ...unlistedOutcome, answer: { ...unlistedOutcome.answer, older } } as Outcome;
    const rows = [toListedOutcome('a'), answered, skippedOutcome, toFailedOutcome('forbidden')].map((outcome) =>
      toLedgerRow(outcome, { mode: 'observe', apiUrl: API_URL, warnings }),
    );
    expect(rows.map((row) => row.warnings)).toEqual([warnings, warnings, warnings, warnings]);
    const fieldsOf = (row: object = {}) => Object.keys(row).slice(Object.keys(row).indexOf('warnings') - 1);
    expect(rows.map(fieldsOf)).toEqual([
      ['family', 'warnings', 'verdict', 'judgement'],
      ['older', 'warnings'],
      ['reason', 'warnings'],
      ['status', 'warnings', 'error'],
    ]);
  });

  test('that failed holds the relay error', () => {
    expect(toRow(toFailedOutcome('forbidden'))).toStrictEqual({
      observable: toUrl('a'),
      status: 'failed',
      error: { type: 'fatal', code: 'permission denied', message: 'What happened' },
    });
  });
});

function tallyOf(outcomes: readonly Outcome[], marked: readonly Outcome[] = []) {
  const tally = createTally();
  for (const outcome of outcomes) count(tally, outcome, marked.includes(outcome));
  return tally;
}

describe('a tally', () => {
  test('begins with nothing', () => {
    expect(createTally()).toEqual({
      ...{ listed: 0, unlisted: 0, skipped: 0, failed: 0, marked: 0, related: 0, older: 0, unsupported: 0, domains: 0 },
      interrupted: 0,
      answeredBy: new Set(),
      ...{ newestHit: '', undatedHits: 0 },
      failedBy: new Set(),
    });
  });

  test('counts each fate and keeps the codes of failures', () => {
    const failures = (['deadline', 'throttled', 'deadline', 'interrupted'] as const).map(toFailedOutcome);
    const others = [toListedOutcome('a'), unlistedOutcome, unlistedOutcome, skippedOutcome];
    expect(tallyOf([...failures, ...others])).toEqual({
      listed: 1,
      unlisted: 2,
      skipped: 1,
      failed: 4,
      interrupted: 1,
      marked: 0,
      related: 0,
      older: 0,
      newestHit: '',
      undatedHits: 1,
      unsupported: 1,
      domains: 1,
      failedBy: new Set(['deadline', 'throttled', 'interrupted']),
      answeredBy: new Set(['live']),
    });
  });
});

describe('the exit status of a batch', () => {
  const listed = toListedOutcome('a');
  const failed = toFailedOutcome('unavailable');
  const bug = toFailedOutcome('internal');
  const table: readonly (readonly [why: string, outcomes: readonly Outcome[], plain: number, failOnListed: number])[] = [
    ['nothing went in', [], 0, 0],
    ['all were skipped', [skippedOutcome, skippedOutcome], 0, 0],
    ['all were answered', [unlistedOutcome], 0, 0],
    ['answered and skipped', [unlistedOutcome, skippedOutcome], 0, 0],
    ['something is listed', [unlistedOutcome, listed, skippedOutcome], 0, 10],
    ['some failed, some were unlisted', [failed, unlistedOutcome], 3, 3],
    ['some failed, some are listed', [failed, listed], 3, 3],
    ['some failed, as many are listed as unlisted', [failed, listed, unlistedOutcome], 3, 3],
    ['all failed', [failed, failed], 4, 4],
    ['all that was asked failed, the rest was skipped', [failed, skippedOutcome], 4, 4],
    ['interrupted before any answer', [toFailedOutcome('interrupted')], 4, 4],
    ['a bug and nothing else', [bug], 1, 1],
    ['a bug beside answers', [bug, listed, unlistedOutcome], 1, 1],
    ['a bug beside failures', [failed, bug], 1, 1],
  ];

  test('follows from the tally alone', () => {
    expect(
      table.map(([why, outcomes]) => [
        why,
        toExitStatus(tallyOf(outcomes), { failOnListed: false, failOnRelated: false, failOnUnmarked: false, failOnEmpty: false }),
      ]),
    ).toEqual(table.map(([why, , plain]) => [why, plain]));
  });

  test('is 10 for a listing only where the caller asked for it, and nothing failed', () => {
    expect(
      table.map(([why, outcomes]) => [
        why,
        toExitStatus(tallyOf(outcomes), { failOnListed: true, failOnRelated: false, failOnUnmarked: false, failOnEmpty: false }),
      ]),
    ).toEqual(table.map(([why, , , failOnListed]) => [why, failOnListed]));
  });

  test('is 10 for a listing without a mark, where the caller asked for it', () => {
    const [none, other] = [toListedOutcome('b'), toListedOutcome('c')];
    const rules = { failOnListed: false, failOnRelated: false, failOnUnmarked: true, failOnEmpty: false };
    const statusOf = (outcomes: readonly Outcome[], marked: readonly Outcome[], more: Partial<typeof rules> = {}) =>
      toExitStatus(tallyOf(outcomes, marked), { ...rules, ...more });
    expect(statusOf([none, other], [])).toBe(10);
    expect(statusOf([none, other], [other])).toBe(10);
    expect(statusOf([none, other, unlistedOutcome], [none, other, unlistedOutcome])).toBe(0);
    expect(statusOf([none, failed], [none])).toBe(3);
    expect(statusOf([none, unlistedOutcome], [none, unlistedOutcome], { failOnUnmarked: false })).toBe(0);
    expect(statusOf([none], [none], { failOnListed: true })).toBe(10);
    expect(statusOf([none], [none], { failOnRelated: true })).toBe(10);
  });
});
