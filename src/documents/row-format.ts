import type { LedgerRow } from '../core/ledger.ts';
import type { Indicator } from './indicator.ts';
import { toIndicator } from './indicator.ts';
import type { MergedIndicator } from './merged-indicator.ts';
import { mergeIndicators } from './merged-indicator.ts';

/** Turns ledger rows into text: what can be printed of each row at once, and what only at the end. */
export interface RowFormat {
  /** Whether `add` returns all of a row. */
  readonly isStreaming: boolean;
  /** The rows that it holds where the user chooses none with `--only`. Default: all. */
  readonly statuses?: readonly LedgerRow['status'][];
  add(row: LedgerRow): string;
  end(): Iterable<string>;
}

/** A format that prints all indicators at the end, those of one value as one. */
export function createIndicatorFormat(write: (indicators: readonly MergedIndicator[]) => Iterable<string>): RowFormat {
  const indicators: Indicator[] = [];
  return {
    isStreaming: false,
    add(row) {
      const indicator = toIndicator(row);
      if (indicator) indicators.push(indicator);
      return '';
    },
    end: () => write(mergeIndicators(indicators)),
  };
}
