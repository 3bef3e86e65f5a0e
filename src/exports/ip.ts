import { createAddressList } from './address-list.ts';
import { toLines } from './values.ts';

/** A plain list of IPv4 addresses. */
export const ipFormat = createAddressList(toLines);
