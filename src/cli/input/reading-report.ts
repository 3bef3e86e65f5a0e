import { formatCount } from '../../core/amount.ts';
import type { PassedOverReason } from '../../text/passed-over.ts';
import type { Talk } from '../talk.ts';
import type { ReadingReport } from './collector.ts';

/** Prints the notes of inputs, and counts what was passed over. */
export interface CountingReport extends ReadingReport {
  passedOver(): number;
  /** In verbose runs, prints the counts by reason. */
  end(): void;
}

export function createReadingReport(talk: Talk): CountingReport {
  const counts = new Map<PassedOverReason, number>();
  return {
    note: (text) => talk.note(text),
    detail: (text) => talk.detail(text),
    passOver(reason, detail) {
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
      talk.detail(detail);
    },
    passedOver: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    end() {
      if (counts.size === 0) return;
      const amounts = [...counts].map(([reason, count]) => `${reason} ${formatCount(count)}`);
      talk.detail(`passed over: ${amounts.join(', ')}`);
    },
  };
}
