import { createNameList } from './name-list.ts';

/** Lines for dnsmasq(8): the null address for each name and all below it. */
export const dnsmasqFormat = createNameList((name) => `address=/${name}/#`);
