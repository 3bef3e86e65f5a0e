import type { Metrics, MetricsOptions, TrackerState } from '../../../src/relay/telemetry/metrics.ts';
import { createMetrics } from '../../../src/relay/telemetry/metrics.ts';
import { parseExposition } from './exposition.ts';

/** When the relay of these figures began. */
export const STARTED_AT = new Date('2026-03-01T12:00:00.500Z');

/** A tracker with work in hand. */
export const BUSY: TrackerState = { inFlight: 2, waiting: 3, breaker: 'closed' };

/** Figures that are all 0, and a way to read them. */
export function createReadable(
  changes: Partial<MetricsOptions> = {},
): Metrics & { read(name: string, tracker?: TrackerState): Record<string, number> } {
  const metrics = createMetrics({
    version: '1.2.3',
    startedAt: STARTED_AT,
    readMemoryBytes: () => 50_000_000,
    ...changes,
  });
  return {
    ...metrics,
    /** The samples of a family by their labels; those of a histogram with what follows the family's name. */
    read(name, tracker = BUSY) {
      const samples = parseExposition(metrics.write(tracker)).get(name)?.samples ?? new Map<string, number>();
      return Object.fromEntries([...samples].map(([series, value]) => [series.slice(name.length), value]));
    },
  };
}

/** What is not 0. */
export function seen(samples: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(samples).filter(([, value]) => value !== 0));
}
