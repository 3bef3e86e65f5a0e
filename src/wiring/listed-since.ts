import { CctError } from '../core/errors.ts';
import type { Setup } from './setup.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The day, `YYYY-MM-DD`, from which on entries of a list count; undefined where all do. Throws `usage` for one in the future. */
export function toListedSince({ config, io }: Pick<Setup, 'config' | 'io'>): string | undefined {
  const { listedSince } = config;
  if (listedSince === undefined) return undefined;
  const now = io.now();
  const amount = Number.parseInt(listedSince, 10);
  if (listedSince.endsWith('d')) return toDay(now.getTime() - amount * DAY_MS);
  if (listedSince.endsWith('y')) return toDay(new Date(now).setUTCFullYear(now.getUTCFullYear() - amount));
  // The latest local day on earth is one ahead of UTC.
  if (listedSince <= toDay(now.getTime() + DAY_MS)) return listedSince;
  throw new CctError(
    'usage',
    `--listed-since: ${listedSince} is in the future; expected a date such as 2020-01-01, or an age such as 90d or 5y`,
  );
}

function toDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
