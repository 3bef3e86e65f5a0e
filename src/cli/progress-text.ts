import { formatCount } from '../core/amount.ts';
import type { Tally } from '../core/ledger/ledger.ts';
import type { ReadProgress } from './input/read-inputs.ts';

/** The number of observables by status. */
export type FateCounts = Pick<Tally, 'listed' | 'unlisted' | 'skipped' | 'failed'>;

/** The progress of a run at a time on the monotonic clock. */
interface Sample {
  readonly atMs: number;
  readonly done: number;
  readonly readBytes: number;
}

// Cached answers come first and immediately, so the average speed of the whole run would be too high.
const WINDOW_MS = 10_000;
const SAMPLE_EVERY_MS = 100;
// In a shorter time, a single answer would change the figures too much.
const MIN_SPAN_MS = 1_000;

/**
 * Creates a formatter of progress: `2,310/10,000 · 12 listed · 3 failed · 84/s · 1 min 31 s left`. Without a `total` it shows bytes:
 * `18.2 MiB/1.4 GiB · 2,310 observables · …`. Speed and time left are based on the last 10 s.
 */
export function createProgressText(total: number | undefined): (fates: FateCounts, read: ReadProgress, atMs: number) => string {
  const samples: Sample[] = [];
  return ({ listed, unlisted, skipped, failed }, { readBytes, totalBytes }, atMs) => {
    const now: Sample = { atMs, done: listed + unlisted + skipped + failed, readBytes };
    if (atMs - (samples.at(-1)?.atMs ?? -Infinity) >= SAMPLE_EVERY_MS) samples.push(now);
    while ((samples[1]?.atMs ?? Infinity) <= atMs - WINDOW_MS) samples.shift();
    const [first = now] = samples;
    const seconds = (atMs - first.atMs) / 1000;
    const toRate = (part: 'done' | 'readBytes') => (atMs - first.atMs < MIN_SPAN_MS ? 0 : (now[part] - first[part]) / seconds);
    const done =
      total === undefined
        ? `${toPart(formatBytes(readBytes), totalBytes === undefined ? undefined : formatBytes(totalBytes))} · ${formatCount(now.done)} observables`
        : toPart(formatCount(now.done), formatCount(total));
    const left =
      total === undefined ? ((totalBytes ?? readBytes) - readBytes) / toRate('readBytes') : (total - now.done) / toRate('done');
    return [
      done,
      `${formatCount(listed)} listed`,
      `${formatCount(failed)} failed`,
      ...toSpeed(toRate('done')),
      ...toTimeLeft(left),
    ].join(' · ');
  };
}

function toPart(done: string, whole: string | undefined): string {
  return whole === undefined ? done : `${done}/${whole}`;
}

function toSpeed(perSecond: number): string[] {
  if (perSecond === 0) return [];
  return [`${perSecond < 10 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond))}/s`];
}

function toTimeLeft(seconds: number): string[] {
  if (!Number.isFinite(seconds) || seconds < 1) return [];
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours > 0) return [`${formatCount(hours)} h ${minutes} min left`];
  return [minutes > 0 ? `${minutes} min ${rest} s left` : `${rest} s left`];
}

const BYTE_UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

function formatBytes(bytes: number): string {
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), BYTE_UNITS.length - 1);
  const amount = bytes / 1024 ** step;
  return `${step === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${BYTE_UNITS[step]}`;
}
