import { createNameList } from './name-list.ts';

/** Zones for unbound.conf(5): each name and all below it do not exist. A clause of its own, so that it can be included anywhere. */
export const unboundFormat = createNameList((name) => `local-zone: "${name}." always_nxdomain`, ['server:']);
