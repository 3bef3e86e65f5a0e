export type { Endpoint } from '../endpoints.ts';
