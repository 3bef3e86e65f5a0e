import { createAddressList } from './address-list.ts';
import { toLines } from './values.ts';

/** A script for `nft -f` that fills the set `c2` of the table `inet cct` in one transaction, replacing its previous content. */
export const nftablesFormat = createAddressList(toScript);

function toScript(addresses: readonly string[]): string {
  return toLines([
    'add table inet cct',
    'add set inet cct c2 { type ipv4_addr; flags interval; auto-merge; }',
    'flush set inet cct c2',
    ...(addresses.length === 0 ? [] : ['add element inet cct c2 {', ...addresses.map((address) => `\t${address},`), '}']),
  ]);
}
