import { formatCount, toAmount, toCounts } from '../../core/amount.ts';
import { DAY_MS } from '../../core/day.ts';
import { createProblems } from '../../core/ctim/envelope.ts';
import type { RowError } from '../../core/errors.ts';
import type { LedgerRow, Tally } from '../../core/ledger/ledger.ts';
import { totalOf } from '../../core/ledger/ledger.ts';
import type { Outcome } from '../../core/lookups/outcome.ts';
import type { Change } from '../../core/ledger/state.ts';
import type { ChosenSource } from '../../wiring/resolve-source.ts';
import type { Talk } from '../talk.ts';

/** The report of a batch on stderr: equal problems in one line, and a summary. */
export interface Report {
  add(outcome: Outcome, row: LedgerRow): void;
  /** `hasGiven`: values were given as arguments or flags. */
  write(tally: Tally, run: ReportedRun): void;
}

/** Further facts for the summary of a run. */
export interface ReportedRun {
  /** Whether values were given as arguments or flags. */
  readonly hasGiven: boolean;
  readonly source: ChosenSource;
  readonly passedOver: number;
  readonly tookMs: number;
  readonly now: Date;
  /** Rows by change, if rows are compared with an earlier run. */
  readonly changed?: Readonly<Record<Change, number>> | undefined;
}

type Skipped = Extract<Outcome, { status: 'skipped' }>;

// More would flood the terminal.
const MAX_NAMED_SKIPS = 5;

/** Collects the report of a batch. */
export function createReport(talk: Talk): Report {
  const problems = createProblems<RowError>();
  const warnings = createProblems<RowError>();
  const skipped: Skipped[] = [];
  return {
    add(outcome, { observable, status, error }) {
      if (outcome.status === 'skipped' && skipped.length < MAX_NAMED_SKIPS) skipped.push(outcome);
      if (error) (status === 'failed' ? problems : warnings).add(observable, error);
      if (outcome.status !== 'failed') return;
      const { rawExtract } = outcome.error;
      if (rawExtract !== undefined) talk.detail(`the answer for ${observable.value} was: ${rawExtract}`);
      talk.causes(outcome.error);
    },
    write(tally, run) {
      for (const error of warnings.toErrors()) talk.note(describeError(error));
      for (const error of problems.toErrors()) talk.problem(describeError(error));
      // Printed even with -q: otherwise, an empty output would look like an answer about the named value.
      const isNothing = run.hasGiven && tally.skipped > 0 && tally.listed + tally.unlisted + tally.failed === 0;
      if (isNothing) talk.problem(`nothing was looked up: ${describeSkipped(skipped, tally.skipped)}`);
      talk.note(toSummary(tally, run));
      if (tally.domains > 0) {
        const hint = toDomainHint(tally.domains, run.source);
        if (isNothing) talk.problem(hint);
        else talk.note(hint);
      }
      const age = toAgeNote(tally, run.now);
      if (age !== undefined) talk.note(age);
    },
  };
}

/** Formats an error on one line. */
function describeError({ code, message }: RowError): string {
  return code === 'interrupted' ? message : `${code}: ${message}`;
}

function describeSkipped(skipped: readonly Skipped[], total: number): string {
  const reasons = skipped.map(({ observable, skip, detail }) => `${observable.value} (${skip}: ${detail})`);
  return [...reasons, ...(total > skipped.length ? [`${formatCount(total - skipped.length)} more skipped`] : [])].join('; ');
}

/** Explains how to look up domains, which only a list answers. */
function toDomainHint(domains: number, source: ChosenSource): string {
  const need = `${toAmount(domains, 'domain')} ${domains === 1 ? 'needs' : 'need'} a list: cct snapshot update`;
  return source === 'live' ? `${need}, without --source live` : need;
}

/**
 * Summarises a run in one line, without counts of zero: `340 observables: 12 listed (3 on warninglists), 320 unlisted (2 on listed hosts),
 * 5 skipped, 3 failed (2 interrupted); 14 passed over; 3 new, 1 changed, 1 gone (4.1 s)`.
 */
export function toSummary(
  tally: Tally,
  { passedOver, tookMs, changed }: Pick<ReportedRun, 'passedOver' | 'tookMs' | 'changed'>,
): string {
  const { listed, unlisted, marked, related, older, skipped, failed, interrupted } = tally;
  const total = toAmount(totalOf(tally), 'observable');
  const counts = Object.entries({ listed, unlisted, skipped, failed }).filter(([, count]) => count > 0);
  const remarks = new Map([
    ['listed', toRemarks([[marked, 'on warninglists']])],
    [
      'unlisted',
      toRemarks([
        [related, 'on listed hosts'],
        [older, 'older than --listed-since'],
      ]),
    ],
    ['failed', toRemarks([[interrupted, 'interrupted']])],
  ]);
  const fates = counts.map(([status, count]) => `${formatCount(count)} ${status}${remarks.get(status) ?? ''}`).join(', ');
  const passed = passedOver > 0 ? `; ${formatCount(passedOver)} passed over` : '';
  const changes = changed ? `; ${toCounts(changed) || 'no changes'}` : '';
  return `${total}${fates === '' ? '' : `: ${fates}`}${passed}${changes} (${(tookMs / 1000).toFixed(1)} s)`;
}

/** Formats counts above zero in brackets; '' if there are none. */
function toRemarks(counts: readonly (readonly [count: number, what: string])[]): string {
  const shown = counts.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`);
  return shown.length === 0 ? '' : ` (${shown.join(', ')})`;
}

const YEAR_MS = 365.25 * DAY_MS;

/** The age of the newest listing, if all listings have dates more than a year ago. */
function toAgeNote({ newestHit, undatedHits }: Tally, now: Date): string | undefined {
  if (newestHit === '' || undatedHits > 0) return undefined;
  const years = Math.floor((now.getTime() - Date.parse(`${newestHit}T00:00:00Z`)) / YEAR_MS);
  return years < 1 ? undefined : `the newest hit is ${toAmount(years, 'year')} old: ${newestHit}`;
}
