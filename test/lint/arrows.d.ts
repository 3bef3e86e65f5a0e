import type { ESLint } from 'eslint';

/** The rule `rooms`, which reads the table in `rooms.js`. */
export const arrows: ESLint.Plugin;
