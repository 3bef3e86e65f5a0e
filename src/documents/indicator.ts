import type { LedgerRow } from '../core/ledger/ledger.ts';

/** A listed observable for other tools, from a ledger row or from an entry of a list. */
export interface Indicator {
  readonly type: 'ip' | 'domain' | 'url';
  /** As looked up, or as listed; not defanged. */
  readonly value: string;
  /** Free text from the tracker; may be ''. */
  readonly family: string;
  /** When it was first listed, `YYYY-MM-DD`; '' if unknown. */
  readonly firstListed: string;
  /** The entry of the list that matched; '' if unknown. */
  readonly entry: string;
  /** When it was looked up, ISO 8601 with milliseconds and `Z`; for an entry of a list, the day of the list. */
  readonly answeredAt: string;
  /** The tracker's page about it. */
  readonly sourceUri?: string;
}

/** Converts a row to an indicator; null if it is not listed. */
export function toIndicator({ observable, status, family = '', judgement, ...row }: LedgerRow): Indicator | null {
  if (status !== 'listed') return null;
  const { type, value } = observable;
  return {
    type: type === 'ip' || type === 'url' ? type : 'domain',
    value,
    family,
    firstListed: row.first_listed ?? '',
    entry: row.matched?.entry ?? '',
    answeredAt: row.answered_at ?? '',
    ...(judgement?.source_uri === undefined ? {} : { sourceUri: judgement.source_uri }),
  };
}
