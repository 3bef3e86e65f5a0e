import * as z from 'zod/mini';
import type { RunOptions } from '../helpers/run-cct.ts';
import { FIXED_NOW, openTempDir, runMain } from '../helpers/run-cct.ts';
import { asking, openTracker } from './live.ts';

/** What the tracker lists. */
export const LISTED = '192.0.2.1';

/** What it does not. */
export const UNLISTED = '192.0.2.2';

/** What it fails at. */
export const FAILED = '192.0.2.66';

/** What is never asked. */
export const SKIPPED = '10.0.0.8';

/** An hour. */
export const HOUR_MS = 3_600_000;

const rowSchema = z.object({ status: z.string(), source: z.optional(z.string()), answered_at: z.optional(z.string()) });

/** Status, source and moment of each row of ndjson output. */
export function readSources(stdout: string): string[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => rowSchema.parse(JSON.parse(line)))
    .map(({ status, source = '-', answered_at: at = '-' }) => `${status} ${source} ${at}`);
}

/** A tracker, a cache directory, and runs that use both. */
export async function openCache() {
  const tracker = await openTracker({ listings: { [LISTED]: 'Malicious: Pony' }, faults: { [FAILED]: 'html' } });
  const home = openTempDir();
  const run = (args: readonly string[], options: RunOptions = {}) =>
    runMain(['observe', ...asking(tracker), '--format', 'ndjson', ...args], {
      ...options,
      env: { XDG_CACHE_HOME: home, ...options.env },
    });
  const asked = () => tracker.lookups().length;
  return { tracker, home, run, asked };
}

/** A run that much later. */
export const later = (ms: number) => ({ now: () => new Date(FIXED_NOW.getTime() + ms) });

/** Flags for these addresses. */
export const toIps = (...ips: readonly string[]) => ips.flatMap((ip) => ['--ip', ip]);
