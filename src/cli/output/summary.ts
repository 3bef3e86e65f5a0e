import { formatCount, toAmount } from '../../core/amount.ts';
import type { Tally } from '../../core/ledger.ts';

/** One line on a run: `340 observables: 12 listed, 320 unlisted, 5 skipped, 3 failed (4.1 s)`; counts of zero are left out. */
export function toSummary({ listed, unlisted, skipped, failed }: Tally, tookMs: number): string {
  const total = toAmount(listed + unlisted + skipped + failed, 'observable');
  const counts = Object.entries({ listed, unlisted, skipped, failed }).filter(([, count]) => count > 0);
  const fates = counts.map(([status, count]) => `${formatCount(count)} ${status}`).join(', ');
  return `${total}${fates === '' ? '' : `: ${fates}`} (${(tookMs / 1000).toFixed(1)} s)`;
}
