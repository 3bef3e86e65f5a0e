import { mergeIndicators } from '../documents/merged-indicator.ts';
import { writeStixBundle } from '../documents/stix.ts';
import { documentFacts } from './document-facts.ts';
import type { ExportFormat } from './export-format.ts';
import { toListIndicators } from './list-indicators.ts';

/** A STIX 2.1 bundle. */
export const stixFormat: ExportFormat = {
  ...documentFacts,
  write(selection, leftOut) {
    const { indicators, entryCount } = toListIndicators(selection, leftOut);
    const merged = mergeIndicators(indicators);
    const count = merged.length;
    return { count, mergedCount: entryCount - count, render: () => [...writeStixBundle(merged)].join('') };
  },
};
