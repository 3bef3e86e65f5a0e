import type { LiveTrackerOptions } from '../../src/tracker/live/client.ts';
import { systemClock } from '../../src/tracker/clock.ts';

/** The options of a client without retries and trace, on the real clock. */
export function toTestOptions(apiUrl: string): LiveTrackerOptions {
  return {
    apiUrl,
    timeoutMs: 15_000,
    retries: 0,
    concurrency: 6,
    userAgent: 'cct/test',
    unlistedMessage: 'Unknown url',
    proxyFor: () => '',
    clock: systemClock,
    random: () => 0.5,
    trace: () => undefined,
  };
}
