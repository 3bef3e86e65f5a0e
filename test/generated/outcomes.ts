import fc from 'fast-check';
import type { Outcome } from '../../src/core/lookups/outcome.ts';
import type { ErrorCode } from '../../src/core/errors.ts';
import { CctError, exitStatusByCode } from '../../src/core/errors.ts';
import type { LedgerRow, Mode } from '../../src/core/ledger/ledger.ts';
import { toLedgerRow } from '../../src/core/ledger/ledger.ts';
import type { Observable } from '../../src/core/observables/observable.ts';
import { plan } from '../../src/core/lookups/plan.ts';
import type { Answer } from '../../src/core/lookups/tracker.ts';
import { API_URL } from '../core/samples.ts';
import { observable } from './observables.ts';
import { anyRun, anyText, day } from './texts.ts';

const codes = Object.keys(exitStatusByCode) as ErrorCode[];
const failure = fc.tuple(fc.constantFrom(...codes), anyText).map(([code, message]) => new CctError(code, message));

const origin = {
  source: fc.constantFrom('live' as const, 'cache' as const, 'snapshot' as const),
  answeredAt: fc.date({ min: new Date('1970-01-01'), max: new Date('2524-12-20'), noInvalidDate: true }),
  warning: failure,
};
const matched = fc.record(
  {
    by: fc.constantFrom('url' as const, 'host' as const, 'address' as const),
    entry: anyText,
    date: day,
    shared: fc.nat(),
    from: fc.constant('snapshot' as const),
  },
  { requiredKeys: ['by', 'entry', 'from'], noNullPrototype: true },
);
const dayOrNull = fc.option(day, { nil: null });
const related = fc.record(
  { by: fc.constantFrom('host' as const, 'address' as const), entries: fc.nat(), newest: dayOrNull, entry: anyText },
  { noNullPrototype: true },
);
const older = fc.record({ date: dayOrNull, entry: anyText }, { noNullPrototype: true });
const listed = fc.record(
  {
    ...origin,
    status: fc.constant('listed' as const),
    message: fc.oneof(anyText, anyRun),
    family: fc.oneof(anyText, anyRun),
    firstListed: day,
    matched,
  },
  { requiredKeys: ['status', 'message', 'family', 'source', 'answeredAt'], noNullPrototype: true },
);
const unlisted = fc.record(
  { ...origin, status: fc.constant('unlisted' as const), related, older },
  { requiredKeys: ['status', 'source', 'answeredAt'], noNullPrototype: true },
);

/** Answers of a tracker, with hostile texts. */
const said: fc.Arbitrary<Answer | CctError> = fc.oneof({ weight: 2, arbitrary: listed }, unlisted, failure);

/** Outcomes of observables: each lookup meets the next of the answers. */
function toOutcomes(observables: readonly Observable[], answers: readonly (Answer | CctError)[]): Outcome[] {
  return plan(observables, { includePrivate: true, asksDomains: true }).map((planned, at): Outcome => {
    if ('skip' in planned) return { status: 'skipped', ...planned };
    const answer = answers[at % answers.length] ?? new CctError('internal', 'No answer');
    if (answer instanceof CctError) return { status: 'failed', ...planned, error: answer };
    return { status: answer.status, ...planned, answer };
  });
}

/** Ledger rows of any fates, about distinct observables. */
export function rowsIn(mode: Mode): fc.Arbitrary<LedgerRow[]> {
  return fc
    .tuple(
      fc.array(observable, { maxLength: 6 }),
      fc.array(said, { minLength: 1, maxLength: 4 }),
      fc.array(fc.array(anyText, { maxLength: 2 }), { minLength: 1, maxLength: 3 }),
    )
    .map(([observables, answers, marks]) =>
      toOutcomes(observables, answers).map((outcome, at) => {
        const warnings = marks[at % marks.length] ?? [];
        return toLedgerRow(outcome, { mode, apiUrl: API_URL, warnings });
      }),
    );
}

export const mode = fc.constantFrom('deliberate' as const, 'observe' as const);

/** A mode, and rows in it. */
export const modeAndRows = mode.chain((chosen) => rowsIn(chosen).map((rows) => ({ mode: chosen, rows })));

/** Rows in either mode. */
export const anyRows = modeAndRows.map(({ rows }) => rows);
