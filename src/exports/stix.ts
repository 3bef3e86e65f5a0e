import { writeStixBundle } from '../documents/stix.ts';
import { documentFacts } from './document-facts.ts';
import type { ExportFormat } from './export-format.ts';
import { toListIndicators } from './list-indicators.ts';

/** A STIX 2.1 bundle. */
export const stixFormat: ExportFormat = {
  ...documentFacts,
  write(selection, leftOut) {
    const indicators = toListIndicators(selection, leftOut);
    return { count: indicators.length, render: () => [...writeStixBundle(indicators)].join('') };
  },
};
