import { createNameList } from './name-list.ts';

/** Lines for hosts(5), which has no names below a name. */
export const hostsFormat = createNameList((name) => `0.0.0.0 ${name}`);
