import type { LedgerRow } from '../core/ledger.ts';

/** One thing that is listed, as other tools are told of it: from a ledger row, or from an entry of a list. */
export interface Indicator {
  readonly type: 'ip' | 'domain' | 'url';
  /** As asked, or as listed; not defanged. */
  readonly value: string;
  /** Free text from outside; '' for none. */
  readonly family: string;
  /** When it was first listed, `YYYY-MM-DD`; '' where unknown. */
  readonly firstListed: string;
  /** The entry of the list that matched; '' where unknown. */
  readonly entry: string;
  /** When it was answered, ISO 8601 with milliseconds and `Z`; for an entry of a list, the day of the list. */
  readonly answeredAt: string;
  /** The tracker's page about it. */
  readonly sourceUri?: string;
}

/** The indicator of a row; null where nothing is listed. */
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
