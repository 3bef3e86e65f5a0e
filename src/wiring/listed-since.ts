import { trackerSettings } from '../config.ts';
import { DAY_MS, toDay, toLatestDay } from '../core/day.ts';
import { CctError } from '../core/errors.ts';
import type { Setup } from './setup.ts';

/** The day, `YYYY-MM-DD`, from which on entries of a list count; undefined where all do. Throws `usage` for one in the future. */
export function toListedSince({ config, io }: Pick<Setup, 'config' | 'io'>): string | undefined {
  const { listedSince } = config;
  if (listedSince === undefined) return undefined;
  const now = io.now();
  const amount = Number.parseInt(listedSince, 10);
  if (listedSince.endsWith('d')) return toDay(now.getTime() - amount * DAY_MS);
  if (listedSince.endsWith('y')) return toDay(new Date(now).setUTCFullYear(now.getUTCFullYear() - amount));
  if (listedSince <= toLatestDay(now)) return listedSince;
  throw new CctError(
    'usage',
    `--listed-since: ${listedSince} is in the future; expected ${trackerSettings.listedSince.expected}`,
  );
}
