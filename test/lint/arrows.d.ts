import type { ESLint } from 'eslint';

/** The rules `rooms` and `makers`, which read the table in `rooms.js`. */
export const arrows: ESLint.Plugin;
