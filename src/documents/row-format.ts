import type { LedgerRow } from '../core/ledger/ledger.ts';
import type { Indicator } from './indicator.ts';
import { toIndicator } from './indicator.ts';
import type { MergedIndicator } from './merged-indicator.ts';
import { mergeIndicators } from './merged-indicator.ts';

/** Turns ledger rows into text, some of it immediately and some at the end. */
export interface RowFormat {
  /** Whether `add` returns the text of all rows. */
  readonly isStreaming: boolean;
  /** The statuses that it contains unless `--only` is given. Default: all. */
  readonly statuses?: readonly LedgerRow['status'][];
  /** Adds at least one row; returns the text that can be printed immediately. */
  add(rows: readonly LedgerRow[]): string;
  /** Returns the text that can be printed only after the last row. */
  end(): Iterable<string>;
}

/** Creates a format that prints all indicators at the end, merged by value. */
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
