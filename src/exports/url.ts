import { readUrl } from './entry-values.ts';
import type { ExportFormat } from './export-format.ts';
import { toComments } from './header.ts';
import { collectValues, toLines } from './values.ts';

/** A plain list of URLs without a scheme, as Palo Alto's lists want them and Cisco's take them. */
export const urlFormat: ExportFormat = {
  ...{ nouns: ['URL', 'URLs'], isFolder: false, isBlocking: true, isPublicOnly: true, resolved: 'never' },
  hasComments: true,
  write({ entries }, leftOut) {
    const urls = collectValues(entries, leftOut, readUrl).toSorted();
    return { count: urls.length, render: (header) => toComments(header) + toLines(urls) };
  },
};
