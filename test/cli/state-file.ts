import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { openTempDir, runMain } from '../helpers/run-cct.ts';
import { writeTempFile } from './live.ts';

export const LISTED = 'http://panel.example/a';
export const OTHER_PAGE = 'http://panel.example/b';
export const UNLISTED = 'http://unlisted.example/';
export const UNLISTED_ROW = `{"observable":{"type":"url","value":"${UNLISTED}"},"status":"unlisted"}`;

/** The row of a list that has `LISTED`. */
export const ENTRY = '2018-01-14\turl\tpanel.example/a\t198.51.100.60\tPony';

/** A snapshot file with these rows. */
export function toList(...rows: readonly string[]): string {
  const header = ['# cct snapshot 1', '# date: 2026-01-01', '# origin: a test', `# entries: ${rows.length}`];
  return writeTempFile('list.tsv', [...header, '# columns: date covers url ip family', ...rows, ''].join('\n'));
}

/** A `--state` file that does not exist yet, and runs with it over a list. */
export function openState() {
  const path = join(openTempDir(), 'state.ndjson');
  return {
    path,
    text: () => readFileSync(path, 'utf8'),
    observe: (list: string, ...args: readonly string[]) =>
      runMain(['observe', '--snapshot', list, '--state', path, '--format', 'ndjson', ...args]),
  };
}

const rowSchema = z.object({ observable: z.object({ value: z.string() }), status: z.string(), change: z.optional(z.string()) });

/** Rows of ndjson output as `change status value`. */
export function changesIn(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => rowSchema.parse(JSON.parse(line)))
    .map(({ change, status, observable }) => `${change} ${status} ${observable.value}`);
}
