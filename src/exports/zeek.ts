import type { ListEntry } from '../core/lookups/list-entry.ts';
import { SOURCE } from '../core/ctim/mapper.ts';
import { cut, toVisible } from '../core/safe-text.ts';
import { readAddress, readName, readUrl } from './entry-values.ts';
import type { ExportFormat } from './export-format.ts';
import { toComments } from './header.ts';
import type { Selection } from './selection.ts';
import { createPathCount, isNamed, remarkOnUnused, toLines } from './values.ts';

const FIELDS = ['indicator', 'indicator_type', 'meta.source', 'meta.desc', 'meta.url'];
const SITE = 'https://cybercrime-tracker.net/';
const MAX_DESCRIPTION_LENGTH = 200;

/** A file for Zeek's intelligence framework: hosts, and pages without a scheme. `#fields` comes first. */
export const zeekFormat: ExportFormat = {
  ...{ nouns: ['indicator', 'indicators'], isDirectory: false, isBlocking: false, isPublicOnly: true, resolved: 'asked' },
  hasComments: true,
  write(selection, leftOut) {
    const lines = new Map<string, string>();
    const paths = createPathCount();
    let unusedCount = 0;
    for (const entry of selection.entries) {
      const { keys, reason, isWithoutPath, hasUnused } = toIndicators(entry, selection);
      // The newest entry of an indicator describes it.
      for (const key of keys) if (!lines.has(key)) lines.set(key, toLine(key, entry));
      if (reason !== undefined) leftOut.add(reason);
      if (isWithoutPath) paths.count(entry);
      if (hasUnused) unusedCount += 1;
    }
    const sorted = [...lines.values()].sort();
    return {
      count: sorted.length,
      remarks: [...paths.remarks(), ...remarkOnUnused(unusedCount)],
      render: (header) => `#fields\t${FIELDS.join('\t')}\n${toComments(header)}${toLines(sorted)}`,
    };
  },
};

interface Indicators {
  /** Each as `indicator⇥type`. */
  readonly keys: readonly string[];
  /** Why it contains neither the host nor the page. */
  readonly reason: string | undefined;
  /** Whether it contains the host but not the page. */
  readonly isWithoutPath: boolean;
  /** Whether the resolved address was requested but cannot be used. */
  readonly hasUnused: boolean;
}

function toIndicators(entry: ListEntry, selection: Selection): Indicators {
  const isName = isNamed(entry);
  const host = isName ? readName(entry) : readAddress(entry, selection);
  const resolved = isName && selection.isResolved ? readAddress(entry, selection) : undefined;
  const url = entry.path === '' ? { reason: 'no page' } : readUrl(entry);
  const keys: string[] = [];
  if ('value' in host) keys.push(`${host.value}\tIntel::${isName ? 'DOMAIN' : 'ADDR'}`);
  if ('value' in url) keys.push(`${url.value}\tIntel::URL`);
  const reason = keys.length === 0 && 'reason' in host ? host.reason : undefined;
  if (resolved && 'value' in resolved) keys.push(`${resolved.value}\tIntel::ADDR`);
  return {
    keys,
    reason,
    isWithoutPath: 'value' in host && 'reason' in url,
    hasUnused: resolved !== undefined && 'reason' in resolved,
  };
}

function toLine(key: string, { family, date }: ListEntry): string {
  const description = [toField(family), date].filter((part) => part !== '').join(' ');
  return [key, SOURCE, description === '' ? '-' : description, SITE].join('\t');
}

/** Removes characters that would end a field, and escapes backslashes, which begin an escape. */
function toField(text: string): string {
  return cut(toVisible(text), MAX_DESCRIPTION_LENGTH).replaceAll('\\', '\\x5c');
}
