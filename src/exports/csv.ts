import { stringify } from 'csv-stringify/sync';
import { isIpv4, isPrivateIpv4, normaliseHost } from '../core/observables/host.ts';
import type { ListEntry } from '../core/lookups/list-entry.ts';
import { toVisible } from '../core/safe-text.ts';
import { whyNoPath } from './entry-values.ts';
import type { ExportFormat } from './export-format.ts';
import type { Selection } from './selection.ts';

/** The columns, in order. */
export const listColumns = ['ip', 'host', 'port', 'path', 'url_key', 'family', 'first_listed', 'shared'] as const;

/** Stands for the path of an entry that covers its whole host. No URL has this path. */
const WHOLE_HOST = '*';

/** A row per entry, with the normalised host, port and path that lookups compare. Lines end with LF. */
export const csvFormat: ExportFormat = {
  ...{ nouns: ['row', 'rows'], isDirectory: false, isBlocking: false, isPublicOnly: false, resolved: 'always' },
  hasComments: false,
  write(selection, leftOut) {
    const rows: string[][] = [];
    for (const entry of selection.entries) {
      const reason = whyNoRow(entry);
      if (reason === undefined) rows.push(...toRows(entry, selection));
      else leftOut.add(reason);
    }
    return { count: rows.length, render: () => stringify([[...listColumns], ...rows], { record_delimiter: '\n' }) };
  },
};

function whyNoRow(entry: ListEntry): string | undefined {
  const { host, port } = entry;
  if (host !== '' && normaliseHost(host) !== host) return 'no host name';
  return /^\d*$/.test(port) ? whyNoPath(entry) : 'not a valid URL';
}

function toRows(entry: ListEntry, { sharedBy }: Selection): string[][] {
  const { host, port, covers, path, ip } = entry;
  const isHostAddress = isIpv4(host);
  const toRow = (address: string, ...place: readonly [string, string, string, string]) => {
    const isUsed = address !== '' && !isPrivateIpv4(address);
    const shared = isUsed ? String(sharedBy(address)) : '';
    return [isUsed ? address : '', ...place, toFamily(entry.family), entry.date, shared];
  };
  const key = `${host}${port === '' ? '' : `:${port}`}`;
  const isWhole = covers === 'host';
  const row = toRow(isHostAddress ? host : ip, host, port, isWhole ? WHOLE_HOST : path, isWhole ? key : `${key}${path}`);
  // The host is an address, and the entry has another address.
  return isHostAddress && ip !== '' && ip !== host ? [row, toRow(ip, '', '', '', '')] : [row];
}

/** Keeps spreadsheets from running a family, the only free text. The other columns are keys and stay unchanged. */
function toFamily(family: string): string {
  return toVisible(family).replace(/^(?=["\s]*[=+\-@＝＋－＠])/, "'");
}
