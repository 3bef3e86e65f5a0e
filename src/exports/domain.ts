import { createNameList } from './name-list.ts';

/** A plain list of domains. */
export const domainFormat = createNameList((name) => name);
