import type { LedgerRow } from '../../core/ledger.ts';

/** Turns ledger rows into text: what can be printed as soon as a row is there, and what only at the end. */
export interface Format {
  /** Whether `add` returns all of a row. */
  readonly isStreaming: boolean;
  add(row: LedgerRow): string;
  end(): Iterable<string>;
}
