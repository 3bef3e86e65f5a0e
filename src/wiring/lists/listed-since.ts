import { exportSettings, trackerSettings } from '../../config.ts';
import { DAY_MS, toDay, toLatestDay } from '../../core/day.ts';
import { CctError } from '../../core/errors.ts';
import type { Setup } from '../setup.ts';

/** The day, `YYYY-MM-DD`, before which entries of a list are ignored; undefined if all count. Throws `usage` for a future day. */
export function toListedSince({ config, io }: Pick<Setup, 'config' | 'io'>): string | undefined {
  const { listedSince } = config;
  return listedSince === undefined ? undefined : toFirstDay(listedSince, '--listed-since', trackerSettings.listedSince, io.now());
}

/** The day that `--since` means, given as a date or an age. Throws `usage` for a future day. */
export function toExportSince(since: string, now: Date): string {
  return toFirstDay(since, '--since', exportSettings.since, now);
}

function toFirstDay(text: string, flag: string, { expected }: { readonly expected: string }, now: Date): string {
  const amount = Number.parseInt(text, 10);
  if (text.endsWith('d')) return toDay(now.getTime() - amount * DAY_MS);
  if (text.endsWith('y')) return toDay(new Date(now).setUTCFullYear(now.getUTCFullYear() - amount));
  if (text <= toLatestDay(now)) return text;
  throw new CctError('usage', `${flag}: ${text} is in the future; expected ${expected}`);
}
