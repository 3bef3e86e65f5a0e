import { isLongRun } from './cases.ts';

/*
 * Nothing counts the steps of V8's regular expressions, so the processor time of a text is held against that of a quarter of it: four
 * times is linear, sixteen times quadratic. Once twice would do, but where the heap grows a garbage collector alone makes that of four. It
 * is the time of this process, which a busy machine makes little longer.
 */

/** More than that is not linear. */
export const MOST_GROWTH = 10;

// Below these a garbage collector says more than the code does, and what is quadratic is far above.
const FLOOR_MS = 4;
const FLOOR_NS_A_CHARACTER = 25;
// Small first: what is quadratic fails there, and soon.
const SHORT_LENGTHS = [32_000, 128_000];
const LONG_LENGTHS = [...SHORT_LENGTHS, 1_000_000, 10_000_000];

/**
 * The largest factor by which the time grows when a text becomes four times as long: up to 128,000 characters, or in the long run
 * 10 million.
 */
export function toGrowth(work: (text: string) => unknown, toText: (length: number) => string): number {
  return growthUpTo(work, toText, isLongRun ? LONG_LENGTHS : SHORT_LENGTHS);
}

/** The same up to 128,000 characters. */
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

/** The factor by which the time grows from a text to one four times as long. */
export function growthOf(work: (text: string) => unknown, quarter: string, whole: string): number {
  const floorMs = Math.max(FLOOR_MS, (quarter.length * FLOOR_NS_A_CHARACTER) / 1e6);
  const measure = (times: number) => medianMs(work, whole, times) / Math.max(medianMs(work, quarter, times), floorMs);
  let growth = measure(1);
  // A compiler may spoil a measurement, but not each time; what is quadratic is so each time.
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
