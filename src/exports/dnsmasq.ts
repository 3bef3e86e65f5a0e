import { createNameList } from './name-list.ts';

/** Lines for dnsmasq(8): the null address for each name and its subdomains. */
export const dnsmasqFormat = createNameList((name) => `address=/${name}/#`);
