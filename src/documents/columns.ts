import type { LedgerRow } from '../core/ledger/ledger.ts';
import type { RowPath } from '../core/ledger/row-paths.ts';
import { defang } from '../text/defanged.ts';

/** A column of a table of rows. */
export interface Column {
  /** For people, such as `First listed`; for `--fields` the path. */
  readonly heading: string;
  /** How it is shown: values (observables, entries) are never cut, prose is cut on a terminal. Default: none of these. */
  readonly kind?: 'status' | 'value' | 'prose';
  /** Returns the cell of a row, not cleaned; '' if empty. */
  toText(row: LedgerRow, isDefanged: boolean): string;
}

/** The cells of a row, in the order of the columns. */
export function toCells(row: LedgerRow, columns: readonly Column[], isDefanged: boolean): string[] {
  return columns.map((column) => column.toText(row, isDefanged));
}

const DEFANGED: ReadonlySet<RowPath> = new Set<RowPath>([
  'observable.value',
  'verdict.observable.value',
  'judgement.observable.value',
  'matched.entry',
  'related.entry',
  'older.entry',
]);

const PROSE: ReadonlySet<RowPath> = new Set<RowPath>(['reason', 'family', 'warnings', 'judgement.reason', 'error.message']);

/** Creates a column of the values at a path of rows. Arrays are joined with `; `. `heading` defaults to the path. */
export function toColumn(path: RowPath, heading: string = path): Column {
  const names = path.split('.');
  const isValue = DEFANGED.has(path);
  const kind = isValue ? 'value' : PROSE.has(path) ? 'prose' : path === 'status' ? 'status' : undefined;
  return {
    heading,
    ...(kind && { kind }),
    toText(row, isDefanged) {
      const text = readPath(row, names);
      return isValue && isDefanged ? defang(text) : text;
    },
  };
}

function readPath(row: LedgerRow, names: readonly string[]): string {
  let found: unknown = row;
  for (const name of names) {
    if (typeof found !== 'object' || found === null) return '';
    found = Reflect.get(found, name);
  }
  if (found === undefined || found === null) return '';
  // Rows contain only texts, numbers and lists of texts.
  return Array.isArray(found) ? found.join('; ') : `${found as string | number}`;
}

export interface ColumnOptions {
  /** The columns of `--fields`. */
  readonly fields?: readonly RowPath[] | undefined;
  /** Whether rows are compared with an earlier run. Default false. */
  readonly hasChanges?: boolean | undefined;
}

const WARNINGS = toColumn('warnings', 'Warnings');

/** The columns for people: those of `--fields`, else the main ones. */
export function readableColumns({ fields, hasChanges = false }: ColumnOptions): readonly Column[] {
  if (fields) return fields.map((path) => toColumn(path));
  return [
    ...(hasChanges ? [toColumn('change', 'Change')] : []),
    toColumn('status', 'Status'),
    toColumn('observable.type', 'Type'),
    toColumn('observable.value', 'Value'),
    toColumn('family', 'Family'),
    toColumn('first_listed', 'First listed'),
    toColumn('source', 'Source'),
    WARNINGS,
    { heading: 'Why', kind: 'prose', toText: toWhy },
  ];
}

/** Removes the main column of warninglists if it would be empty. */
export function withoutEmptyWarnings(columns: readonly Column[], hasWarnings: boolean): readonly Column[] {
  return hasWarnings ? columns : columns.filter((column) => column !== WARNINGS);
}

/** Whether an observable is on a warninglist. */
export function isMarked({ warnings = [] }: LedgerRow): boolean {
  return warnings.length > 0;
}

/** Explains why there is no answer, what matched, or what nearly matched. */
function toWhy({ reason, error, matched, related, older }: LedgerRow, isDefanged: boolean): string {
  if (reason !== undefined) return reason;
  if (error) return `${error.code}: ${error.message}`;
  const shown = (entry: string) => (isDefanged ? defang(entry) : entry);
  if (matched) return `${matched.by}: ${shown(matched.entry)} ${matched.date ?? ''}`.trimEnd();
  // The date comes first, because a long entry is cut.
  const near = [
    ...(older ? [`older (${older.date ?? 'undated'}): ${shown(older.entry)}`] : []),
    ...(related
      ? [`on listed ${related.by}${related.newest === null ? '' : ` (${related.newest})`}: ${shown(related.entry)}`]
      : []),
  ];
  return near.join('; ');
}
