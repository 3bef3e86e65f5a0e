import type { Judgement, Verdict } from './ctim.ts';
import type { Outcome } from './outcome.ts';
import type { ErrorCode, RelayError } from './errors.ts';
import { exitStatusByCode, toRelayError } from './errors.ts';
import type { ListingFacts } from './mapper.ts';
import { toJudgement, toVerdict } from './mapper.ts';
import type { Observable } from './observable.ts';
import type { ListMatch, Source } from './tracker.ts';

/** What became of one distinct observable, as it is printed. Times are ISO 8601 with milliseconds and `Z`. */
export interface LedgerRow {
  readonly observable: Observable;
  readonly status: Outcome['status'];
  /** Why it was skipped: `private`, `credentials`, `excluded`, `invalid` or `unsupported`, a colon, and the details. */
  readonly reason?: string;
  readonly source?: Source;
  readonly answered_at?: string;
  readonly family?: string;
  /** `YYYY-MM-DD`. */
  readonly first_listed?: string;
  /** From a list only: what of which entry matched. */
  readonly matched?: ListMatch;
  readonly verdict?: Verdict;
  readonly judgement?: Judgement;
  /** Why it failed, or a warning that goes with the answer. */
  readonly error?: RelayError;
}

/** Which documents a listing becomes: `deliberate` gives Verdicts, `observe` Verdicts and Judgements. */
export type Mode = 'deliberate' | 'observe';

/** One outcome as a row of the ledger. */
export function toLedgerRow(outcome: Outcome, { mode, apiUrl }: { mode: Mode; apiUrl: string }): LedgerRow {
  const { observable, status } = outcome;
  if (outcome.status === 'skipped') return { observable, status, reason: `${outcome.skip}: ${outcome.detail}` };
  if (outcome.status === 'failed') return { observable, status, error: toRelayError(outcome.error) };
  const { answer, question } = outcome;
  const row: Writable<LedgerRow> = {
    observable,
    status,
    source: answer.source,
    answered_at: answer.answeredAt.toISOString(),
  };
  if (answer.status === 'listed') {
    row.family = answer.family;
    if (answer.firstListed !== undefined) row.first_listed = answer.firstListed;
    if (answer.matched) row.matched = answer.matched;
    addDocuments(row, { observable, question, listing: answer, answeredAt: answer.answeredAt, apiUrl }, mode);
  }
  if (answer.warning) row.error = toRelayError(answer.warning);
  return row;
}

// Filled field by field: there may be a million rows, and copies of objects were measured to take most of the time.
type Writable<Row> = { -readonly [Field in keyof Row]: Row[Field] };

function addDocuments(row: Writable<LedgerRow>, facts: ListingFacts, mode: Mode): void {
  if (mode === 'deliberate') {
    row.verdict = toVerdict(facts);
    return;
  }
  const judgement = toJudgement(facts);
  row.verdict = toVerdict(facts, judgement);
  row.judgement = judgement;
}

/** How many observables met each fate, and by which errors. */
export interface Tally {
  listed: number;
  unlisted: number;
  skipped: number;
  failed: number;
  readonly failedBy: Set<ErrorCode>;
}

/** A tally of nothing yet. */
export function createTally(): Tally {
  return { listed: 0, unlisted: 0, skipped: 0, failed: 0, failedBy: new Set() };
}

/** Adds one outcome. */
export function count(tally: Tally, outcome: Outcome): void {
  tally[outcome.status] += 1;
  if (outcome.status === 'failed') tally.failedBy.add(outcome.error.code);
}

/**
 * The exit status of a batch: 1 when a bug showed, 4 when something failed and nothing was answered, 3 when something
 * failed, 10 when something is listed and the caller asked for it, else 0.
 */
export function toExitStatus(tally: Tally, { failOnListed }: { failOnListed: boolean }): number {
  if (tally.failedBy.has('internal')) return exitStatusByCode.internal;
  if (tally.failed > 0) return tally.listed + tally.unlisted === 0 ? 4 : 3;
  return failOnListed && tally.listed > 0 ? 10 : 0;
}
