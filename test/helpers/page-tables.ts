import { exitStatuses } from '../../src/cli/program/help-texts.ts';
import type { Setting } from '../../src/config.ts';
import { exportSettings, namedServeSettings, settings } from '../../src/config.ts';
import { endpoints } from '../../src/relay/endpoints.ts';
import type { Page } from './pages.ts';

/** A row of a table of a page, without the marks of code. */
export interface TableRow {
  /** `PATH:LINE` */
  readonly place: string;
  readonly cells: readonly string[];
}

/** The rows of the tables in a section, without heads and rules. */
export function rowsUnder({ path, text }: Page, heading: string): TableRow[] {
  const lines = text.split('\n');
  const from = lines.indexOf(heading);
  if (from < 0) throw new Error(`${path} has no heading "${heading}"`);
  const level = heading.indexOf(' ');
  const length = lines.slice(from + 1).findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= level);
  const to = length < 0 ? lines.length : from + 1 + length;
  return lines.slice(from, to).flatMap((line, at) => {
    const isRow = line.startsWith('| ') && !(lines[from + at + 1] ?? '').startsWith('|-');
    return isRow ? [{ place: `${path}:${from + at + 1}`, cells: cellsOf(line) }] : [];
  });
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll('`', '').trim());
}

/** The first difference between a page's table and that of the program, with its place. */
export function differencesFrom({ path, text }: Page, table: readonly string[]): string[] {
  const lines = text.split('\n');
  const from = lines.indexOf(table[0] ?? '');
  if (from < 0) return [`${path}: no table begins with ${table[0] ?? ''}`];
  const shown = lines.slice(from, lines.indexOf('', from));
  const at = [...shown, undefined].findIndex((line, index) => line !== table[index]);
  return at < 0 || (at === table.length && at === shown.length)
    ? []
    : [`${path}:${from + at + 1}: is ${shown[at] ?? 'missing'}, should be ${table[at] ?? 'left out'}`];
}

/** The table of settings. */
export function settingsTable(): string[] {
  const rows = Object.values<Setting<unknown>>({ ...settings, ...namedServeSettings }).map(
    ({ flag, env, otherEnv, fallback, unit, help }) =>
      `| ${toCode(flag)} | ${toCode(env, otherEnv)} | ${toCode(fallback)} | ${unit ?? ''} | ${help} |`,
  );
  return ['| flag | environment | default | unit | meaning |', '|---|---|---|---|---|', ...rows];
}

/** The table of the flags of `snapshot export`. */
export function exportFlagsTable(): string[] {
  const rows = Object.values<Setting<unknown>>(exportSettings).map(
    ({ flag, fallback, unit, help }) => `| ${toCode(flag)} | ${toCode(fallback)} | ${unit ?? ''} | ${help} |`,
  );
  return ['| flag | default | unit | meaning |', '|---|---|---|---|', ...rows];
}

function toCode(...texts: readonly (string | undefined)[]): string {
  return texts.flatMap((text) => (text === undefined ? [] : [`\`${text}\``])).join(', ');
}

/** The table of the relay's endpoints. */
export function endpointsTable(): string[] {
  const rows = endpoints.map(
    ({ method, path, summary, needsToken, isOptional }) =>
      `| \`${method} ${path}\` | ${summary}${isOptional ? ' (with `--metrics`)' : ''} | ${needsToken ? 'yes' : 'no'} |`,
  );
  return ['| endpoint | answer | token |', '|---|---|---|', ...rows];
}

/** The table of exit statuses. */
export function exitStatusTable(): string[] {
  return ['| status | meaning |', '|---|---|', ...exitStatuses.map(({ status, meaning }) => `| ${status} | ${meaning} |`)];
}
