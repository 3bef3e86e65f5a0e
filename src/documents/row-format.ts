import type { LedgerRow } from '../core/ledger.ts';
import type { Indicator } from './indicator.ts';
import { toIndicator } from './indicator.ts';
import type { MergedIndicator } from './merged-indicator.ts';
import { mergeIndicators } from './merged-indicator.ts';

/** Turns ledger rows into text: what can be printed of each row at once, and what only at the end. */
export interface RowFormat {
  /** Whether `add` returns all of the rows. */
  readonly isStreaming: boolean;
  /** The rows that it holds where the user chooses none with `--only`. Default: all. */
  readonly statuses?: readonly LedgerRow['status'][];
  /** Takes the next rows, at least one; returns what of them can be printed at once. */
  add(rows: readonly LedgerRow[]): string;
  /** What can be printed only after the last row. */
  end(): Iterable<string>;
}

/** A format that prints all indicators at the end, those of one value as one. */
export function createIndicatorFormat(write: (indicators: readonly MergedIndicator[]) => Iterable<string>): RowFormat {
  const indicators: Indicator[] = [];
  return {
    isStreaming: false,
    add(rows) {
      indicators.push(...rows.map(toIndicator).filter((indicator) => indicator !== null));
      return '';
    },
    end: () => write(mergeIndicators(indicators)),
  };
}
