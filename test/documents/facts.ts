import type { RunFacts } from '../../src/documents/run-facts.ts';

/** What a document says of a run of 340 observables. */
export const FACTS: RunFacts = {
  counts: { listed: 2, unlisted: 320, skipped: 5, failed: 13 },
  answeredBy: new Set(['live', 'snapshot']),
  listDate: '2026-11-28',
  commandLine: 'cct observe report.txt',
  madeAt: new Date('2026-11-30T00:56:12.345Z'),
  version: '0.1.0',
};

export const toFacts = () => FACTS;

/** What `openFormat` needs for any format, without colours and defanging. */
export const FORMAT_OPTIONS = {
  mode: 'observe',
  isDefanged: false,
  isColoured: false,
  toFacts,
  bundleSize: 100,
  now: new Date('2026-03-02T00:00:00.999Z'),
} as const;
