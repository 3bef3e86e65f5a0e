import type { LedgerRow } from './ledger.ts';

/** The fields of a row that are compared with an earlier run. Times are not. */
export type ComparedRow = Pick<LedgerRow, 'status' | 'family' | 'warnings'> & {
  readonly matched?: { readonly entry: string; readonly date?: string };
  readonly related?: { readonly entry: string };
};

/** The compared fields as JSON text: equal texts are equal evidence. */
export type Evidence = string;

// Shared strings: nearly all rows have one of these.
const BARE: Readonly<Record<string, Evidence>> = {
  listed: '{"status":"listed"}',
  unlisted: '{"status":"unlisted"}',
  skipped: '{"status":"skipped"}',
};

/** The evidence of a row that did not fail. */
export function toEvidence({ status, family, matched, related, warnings = [] }: ComparedRow): Evidence {
  const bare = BARE[status];
  const hasMarks = warnings.length > 0;
  if (bare !== undefined && family === undefined && !matched && !related && !hasMarks) return bare;
  return JSON.stringify({
    status,
    family,
    matched: matched && { entry: matched.entry, date: matched.date },
    related: related && { entry: related.entry },
    warnings: hasMarks ? warnings : undefined,
  });
}

/** Whether the observable was listed or related. */
export function isHit(evidence: Evidence): boolean {
  const { status, related } = JSON.parse(evidence) as ComparedRow;
  return status === 'listed' || related !== undefined;
}
