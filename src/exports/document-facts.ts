import type { ExportFormat } from './export-format.ts';

/** What the formats of threat intelligence have in common. */
export const documentFacts = {
  ...{ nouns: ['indicator', 'indicators'], isDirectory: false, isBlocking: false, isPublicOnly: true, resolved: 'never' },
  hasComments: false,
} as const satisfies Omit<ExportFormat, 'write'>;
