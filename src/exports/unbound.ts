import { createNameList } from './name-list.ts';

/** Zones for unbound.conf(5): NXDOMAIN for each name and its subdomains. It starts a new clause, so that it can be included anywhere. */
export const unboundFormat = createNameList((name) => `local-zone: "${name}." always_nxdomain`, ['server:']);
