import { createNameList } from './name-list.ts';

/** Lines for hosts(5), which cannot include subdomains. */
export const hostsFormat = createNameList((name) => `0.0.0.0 ${name}`);
