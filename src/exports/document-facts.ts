import type { ExportFormat } from './export-format.ts';

/** Common properties of the threat intelligence formats. */
export const documentFacts = {
  ...{ nouns: ['indicator', 'indicators'], isDirectory: false, isBlocking: false, isPublicOnly: true, resolved: 'never' },
  hasComments: false,
} as const satisfies Omit<ExportFormat, 'write'>;
