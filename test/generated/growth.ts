import { isLongRun } from './cases.ts';

/*
 * The processor time of a text against that of a quarter of it: four times is linear, sixteen times quadratic. Twice would do for that,
 * but where the heap grows a garbage collector makes four of two.
 */

/** The limit of what counts as linear. */
export const MOST_GROWTH = 10;

// Below these the garbage collector dominates, and quadratic code is far above.
const FLOOR_MS = 4;
const FLOOR_NS_A_CHARACTER = 25;
// Short first: quadratic code fails there, and soon.
const SHORT_LENGTHS = [32_000, 128_000];
const LONG_LENGTHS = [...SHORT_LENGTHS, 1_000_000, 10_000_000];

/** The largest growth of the time for a text four times as long: up to 128,000 characters, or 10 million in the long run. */
export function toGrowth(work: (text: string) => unknown, toText: (length: number) => string): number {
  return growthUpTo(work, toText, isLongRun ? LONG_LENGTHS : SHORT_LENGTHS);
}

/** The same for at most 128,000 characters. */
export function toShortGrowth(work: (text: string) => unknown, toText: (length: number) => string): number {
  return growthUpTo(work, toText, SHORT_LENGTHS);
}

function growthUpTo(work: (text: string) => unknown, toText: (length: number) => string, lengths: readonly number[]): number {
  let largest = 0;
  for (const length of lengths) {
    if (largest < MOST_GROWTH) largest = Math.max(largest, growthOf(work, toText(length / 4), toText(length)));
  }
  return largest;
}

/** The growth of the time from a text to one four times as long. */
export function growthOf(work: (text: string) => unknown, quarter: string, whole: string): number {
  const floorMs = Math.max(FLOOR_MS, (quarter.length * FLOOR_NS_A_CHARACTER) / 1e6);
  const measure = (times: number) => medianMs(work, whole, times) / Math.max(medianMs(work, quarter, times), floorMs);
  let growth = measure(1);
  // A compiler may spoil one measurement; quadratic code is slow in each.
  for (let more = 3; more > 0 && growth >= MOST_GROWTH; more -= 1) growth = Math.min(growth, measure(3));
  return growth;
}

function medianMs(work: (text: string) => unknown, text: string, times: number): number {
  const measured = Array.from({ length: times }, () => {
    const start = process.cpuUsage();
    work(text);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return measured.sort((one, other) => one - other)[Math.floor(times / 2)] ?? Infinity;
}
