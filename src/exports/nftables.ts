import type { ExportFormat } from './export-format.ts';
import { toComments } from './header.ts';
import { collectAddresses, toLines } from './values.ts';

/** A script for `nft -f` that fills the set `c2` of the table `inet cct` in one transaction, also where it was filled before. */
export const nftablesFormat: ExportFormat = {
  ...{ nouns: ['address', 'addresses'], isFolder: false, isBlocking: true, isPublicOnly: true, resolved: 'asked' },
  hasComments: true,
  write(selection, leftOut) {
    const { values, remarks } = collectAddresses(selection, leftOut);
    return { count: values.length, remarks, render: (header) => toComments(header) + toScript(values) };
  },
};

function toScript(addresses: readonly string[]): string {
  return toLines([
    'add table inet cct',
    'add set inet cct c2 { type ipv4_addr; flags interval; auto-merge; }',
    'flush set inet cct c2',
    ...(addresses.length === 0 ? [] : ['add element inet cct c2 {', ...addresses.map((address) => `\t${address},`), '}']),
  ]);
}
