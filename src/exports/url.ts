import { parseAuthority } from '../core/observables/host.ts';
import type { ListEntry } from '../core/lookups/list-entry.ts';
import type { Reading } from './entry-values.ts';
import { readUrl } from './entry-values.ts';
import type { ExportFormat } from './export-format.ts';
import { toComments } from './header.ts';
import { collectValues, toLines } from './values.ts';

/** A plain list of URLs without a scheme, as Palo Alto's lists require and Cisco's accept. */
export const urlFormat: ExportFormat = {
  ...{ nouns: ['URL', 'URLs'], isDirectory: false, isBlocking: true, isPublicOnly: true, resolved: 'never' },
  hasComments: true,
  write({ entries }, leftOut) {
    const urls = collectValues(entries, leftOut, readBlockable).toSorted();
    return { count: urls.length, render: (header) => toComments(header) + toLines(urls) };
  },
};

/** Refuses wildcards: in a block list they would match other pages, and clients do not send them encoded. */
function readBlockable(entry: ListEntry): Reading {
  const url = readUrl(entry);
  const hasWildcard = 'value' in url && /[*^]/.test(parseAuthority(entry.url).rest);
  return hasWildcard ? { reason: 'a block list wildcard in the path (* or ^)' } : url;
}
