import { formatCount, toAmount, toCounts } from '../core/amount.ts';
import { DAY_MS } from '../core/day.ts';
import type { LedgerRow } from '../core/ledger/ledger.ts';
import type { Source } from '../core/lookups/tracker.ts';

/** What a document for people states about its run. */
export interface RunFacts {
  /** All observables by status, including those that the document leaves out. */
  readonly counts: Readonly<Record<LedgerRow['status'], number>>;
  /** The sources of the answers. */
  readonly answeredBy: ReadonlySet<Source>;
  /** The date of the list, `YYYY-MM-DD`, if one was used. */
  readonly listDate?: string | undefined;
  /** The command line without secrets. */
  readonly commandLine: string;
  readonly madeAt: Date;
  readonly version: string;
}

/** What documents for people contain by default, as json does. */
export const NOTEWORTHY: readonly LedgerRow['status'][] = ['listed', 'failed'];

/** `2 listed of 340 observables; 320 unlisted, 5 skipped, 3 failed`; counts of zero are left out, except the first. */
export function toCountLine({ counts: { listed, unlisted, skipped, failed } }: Pick<RunFacts, 'counts'>): string {
  const others = toCounts({ unlisted, skipped, failed });
  const total = toAmount(listed + unlisted + skipped + failed, 'observable');
  return `${formatCount(listed)} listed of ${total}${others === '' ? '' : `; ${others}`}`;
}

/** `live, list of 2026-11-28 (2 days old)`; 'no answers' if there are none. */
export function toSourceText({ answeredBy, listDate, madeAt }: RunFacts): string {
  const sources = [
    ...(answeredBy.has('live') ? ['live answers'] : []),
    ...(answeredBy.has('cache') ? ['cached answers'] : []),
    ...(listDate === undefined ? [] : [`list of ${listDate} (${toAge(listDate, madeAt)})`]),
  ];
  return sources.join(', ') || 'no answers';
}

function toAge(day: string, now: Date): string {
  const ageDays = Math.floor((now.getTime() - Date.parse(`${day}T00:00:00Z`)) / DAY_MS);
  if (ageDays < 0) return 'in the future';
  return ageDays === 0 ? 'today' : `${toAmount(ageDays, 'day')} old`;
}

/** `2026-11-30 00:56 UTC`. */
export function toMinute(moment: Date): string {
  return `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** The text that replaces an empty table. */
export function toEmptyText({ counts }: Pick<RunFacts, 'counts'>): string {
  return counts.listed === 0 && counts.failed === 0 ? 'Nothing is listed.' : 'No row has the chosen status.';
}
