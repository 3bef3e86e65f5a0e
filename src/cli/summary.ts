import type { Tally } from '../core/ledger.ts';

/** One line on how a batch went: `340 asked · 12 listed · 320 unlisted · 5 skipped · 3 failed · 4.1 s`. */
export function toSummary({ listed, unlisted, skipped, failed }: Tally, tookMs: number): string {
  const asked = listed + unlisted + skipped + failed;
  return `${asked} asked · ${listed} listed · ${unlisted} unlisted · ${skipped} skipped · ${failed} failed · ${(tookMs / 1000).toFixed(1)} s`;
}
