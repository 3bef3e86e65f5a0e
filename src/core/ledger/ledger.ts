import type { Judgement, Verdict } from '../ctim/ctim.ts';
import type { Outcome } from '../lookups/outcome.ts';
import type { ErrorCode, RowError } from '../errors.ts';
import { exitStatusByCode, toRowError } from '../errors.ts';
import type { ListingFacts } from '../ctim/mapper.ts';
import { toJudgement, toVerdict } from '../ctim/mapper.ts';
import type { LinkWrapper, Observable, Seen } from '../observables/observable.ts';
import { isDomainType } from '../observables/observable.ts';
import type { Answer, ListMatch, OlderEntry, Related, Source } from '../lookups/tracker.ts';

/** The outcome of one distinct observable, as printed. Times are ISO 8601 with milliseconds and `Z`. */
export interface LedgerRow {
  readonly observable: Observable;
  readonly status: Outcome['status'];
  /** Why it was skipped: a `SkipReason`, a colon, and the details. */
  readonly reason?: string;
  /** The link wrapper that it was extracted from. */
  readonly derived?: LinkWrapper;
  readonly source?: Source;
  readonly answered_at?: string;
  readonly family?: string;
  /** `YYYY-MM-DD`. */
  readonly first_listed?: string;
  /** The entries of a list that matched. */
  readonly matched?: ListMatch;
  /** Entries on the host or address of an unlisted observable. */
  readonly related?: Related;
  /** The entry that would have matched, but is too old. */
  readonly older?: OlderEntry;
  /** The names of the warninglists that contain it. */
  readonly warnings?: readonly string[];
  readonly seen?: Seen;
  /** How it differs from an earlier run, with `--new-since` and `--state`. */
  readonly change?: 'new' | 'changed' | 'gone';
  readonly verdict?: Verdict;
  readonly judgement?: Judgement;
  /** The failure, or a warning about the answer. */
  readonly error?: RowError;
}

/** The documents of a listing: Verdicts (`deliberate`), or Verdicts and Judgements (`observe`). */
export type Mode = 'deliberate' | 'observe';

export interface RowOptions {
  readonly mode: Mode;
  readonly apiUrl: string;
  /** ISO 8601. Default `toISOString`. */
  readonly toTime?: (moment: Date) => string;
  /** The names of the warninglists that contain the observable. Default none. */
  readonly warnings?: readonly string[];
  /** Finds the place in the records of an observable whose outcome has none. Default: none. */
  readonly findSeen?: (observable: Observable) => Seen | undefined;
}

/** Converts an outcome to a ledger row. */
export function toLedgerRow(outcome: Outcome, options: RowOptions): LedgerRow {
  const { mode, apiUrl, toTime = toIsoTime, warnings = [] } = options;
  const { status } = outcome;
  const { type, value, derived } = outcome.observable;
  const found = outcome.observable.seen ?? options.findSeen?.(outcome.observable);
  const seen = found && copySeen(found);
  const observable = derived === undefined && !seen ? outcome.observable : { type, value };
  const from = derived === undefined ? undefined : { derived };
  if (!('answer' in outcome)) {
    const marks = { ...from, ...(warnings.length > 0 && { warnings }), ...(seen && { seen }) };
    if (outcome.status === 'failed') return { observable, status, ...marks, error: toRowError(outcome.error) };
    return { observable, status, reason: `${outcome.skip}: ${outcome.detail}`, ...marks };
  }
  const { answer, question } = outcome;
  const row: Writable<LedgerRow> = {
    observable,
    status,
    ...from,
    source: answer.source,
    answered_at: toTime(answer.answeredAt),
  };
  if (answer.status === 'listed') {
    row.family = answer.family;
    if (answer.firstListed !== undefined) row.first_listed = answer.firstListed;
    if (answer.matched) row.matched = answer.matched;
    if (warnings.length > 0) row.warnings = warnings;
    if (seen) row.seen = seen;
    addDocuments(row, { observable, question, listing: answer, answeredAt: answer.answeredAt, apiUrl }, mode);
  } else {
    if (answer.related) row.related = answer.related;
    if (answer.older) row.older = answer.older;
    if (warnings.length > 0) row.warnings = warnings;
    if (seen) row.seen = seen;
  }
  if (answer.warning) row.error = toRowError(answer.warning);
  return row;
}

/** Copied, because the counts may change after the row is written. */
function copySeen({ first, count, last }: Seen): Seen {
  return count === undefined || !last ? { first } : { first, count, last };
}

function toIsoTime(moment: Date): string {
  return moment.toISOString();
}

/** Creates a `toTime` that reuses its last text, because hundreds of rows share a millisecond and formatting is slow. */
export function createTimeWriter(): (moment: Date) => string {
  let writtenMs: number | undefined;
  let text = '';
  return (moment) => {
    if (moment.getTime() !== writtenMs) {
      text = toIsoTime(moment);
      writtenMs = moment.getTime();
    }
    return text;
  };
}

// Filled field by field: copying objects would take most of the time.
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

/** Observables by status, and the codes of failures. */
export interface Tally {
  listed: number;
  unlisted: number;
  skipped: number;
  failed: number;
  /** Of the listed, those on warninglists. */
  marked: number;
  /** Of the unlisted, those on a listed host or address. */
  related: number;
  /** Of the unlisted, those with a matching entry that is too old. */
  older: number;
  /** The newest date of all matched entries, `YYYY-MM-DD`, or ''; and the number of listings without a date. */
  newestHit: string;
  undatedHits: number;
  /** Of the skipped, those of unsupported types. */
  unsupported: number;
  /** Of those, domains. */
  domains: number;
  /** Of the failed, those that an interruption left unanswered. */
  interrupted: number;
  readonly failedBy: Set<ErrorCode>;
  /** The sources of the answers. */
  readonly answeredBy: Set<Source>;
}

/** An empty tally. */
export function createTally(): Tally {
  return {
    ...{
      listed: 0,
      unlisted: 0,
      skipped: 0,
      failed: 0,
      marked: 0,
      related: 0,
      older: 0,
      unsupported: 0,
      domains: 0,
      interrupted: 0,
    },
    ...{ newestHit: '', undatedHits: 0, failedBy: new Set(), answeredBy: new Set() },
  };
}

/** The number of outcomes added. */
export function totalOf({ listed, unlisted, skipped, failed }: Tally): number {
  return listed + unlisted + skipped + failed;
}

/** Adds one outcome. `isMarked`: the observable is on a warninglist. */
export function count(tally: Tally, outcome: Outcome, isMarked = false): void {
  tally[outcome.status] += 1;
  if (isMarked && outcome.status === 'listed') tally.marked += 1;
  if (outcome.status === 'failed') {
    tally.failedBy.add(outcome.error.code);
    if (outcome.error.code === 'interrupted') tally.interrupted += 1;
  }
  if ('answer' in outcome) countAnswer(tally, outcome.answer);
  if (outcome.status !== 'skipped' || outcome.skip !== 'unsupported') return;
  tally.unsupported += 1;
  if (isDomainType(outcome.observable.type)) tally.domains += 1;
}

function countAnswer(tally: Tally, answer: Answer): void {
  tally.answeredBy.add(answer.source);
  if (answer.status === 'unlisted') {
    if (answer.related) tally.related += 1;
    if (answer.older) tally.older += 1;
    return;
  }
  const date = answer.matched?.date;
  if (date === undefined) tally.undatedHits += 1;
  else if (date > tally.newestHit) tally.newestHit = date;
}

/** Conditions under which a fully answered batch has an exit status other than 0. */
export interface ExitRules {
  readonly failOnListed: boolean;
  readonly failOnRelated: boolean;
  readonly failOnUnmarked: boolean;
  readonly failOnEmpty: boolean;
}

/**
 * The exit status of a batch: 1 for a bug, 4 for failures without any answer, 3 for failures, 10 for `failOnListed`, `failOnRelated` and
 * `failOnUnmarked`, 5 for `failOnEmpty` if nothing of a supported type was found, else 0. `printed` decides on 10: if only new rows are
 * printed, only they count.
 */
export function toExitStatus(tally: Tally, rules: ExitRules, printed = tally): number {
  if (tally.failedBy.has('internal')) return exitStatusByCode.internal;
  if (tally.failed > 0) return tally.listed + tally.unlisted === 0 ? 4 : 3;
  if (hasHits(printed, rules)) return 10;
  const total = tally.listed + tally.unlisted + tally.skipped;
  return rules.failOnEmpty && total === tally.unsupported ? 5 : 0;
}

function hasHits({ listed, related, marked }: Tally, { failOnListed, failOnRelated, failOnUnmarked }: ExitRules): boolean {
  if (failOnRelated && related > 0) return true;
  return failOnListed || failOnRelated ? listed > 0 : failOnUnmarked && listed > marked;
}
