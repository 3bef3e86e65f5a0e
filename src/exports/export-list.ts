import type { List } from '../core/lookups/list-entry.ts';
import type { ExportFormat, Written } from './export-format.ts';
import type { Account } from './header.ts';
import type { Choices } from './selection.ts';
import { selectEntries } from './selection.ts';
import { createTally } from './tally.ts';

/** An export, and the account of what it contains and leaves out. */
export interface Exported {
  readonly account: Account;
  readonly written: Written;
}

/** Selects entries of a list and writes them in a format. */
export function exportList(list: List, format: ExportFormat, choices: Omit<Choices, 'isPublicOnly'>): Exported {
  const [leftOut, addresses] = [createTally(), createTally()];
  const selection = selectEntries(list, { ...choices, isPublicOnly: format.isPublicOnly }, leftOut, addresses);
  const written = format.write(selection, leftOut);
  const { count, mergedCount = 0, remarks = [] } = written;
  const usesAddresses = format.resolved === 'always' || (format.resolved === 'asked' && choices.isResolved);
  return {
    account: { list, format, count, mergedCount, leftOut, addresses: usesAddresses ? addresses : createTally(), remarks },
    written,
  };
}
