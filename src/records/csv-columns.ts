import { CctError } from '../core/errors.ts';
import { extractObservables } from '../text/extract.ts';
import type { Observable } from '../core/observables/observable.ts';
import { isTypeName } from './csv-types.ts';
import type { FieldRole } from './field-roles.ts';
import { roleOfName, roleOfPath } from './field-roles.ts';
import { isListHeader, isOwnHeader } from './own-csv.ts';
import { toPlainName } from './type-names.ts';

/** A column by its place from 0. */
interface KnownColumn {
  readonly at: number;
  readonly role: FieldRole;
}

/** What is read of each row. `hasHeader` is false where the first row is one of the others. */
export type CsvPlan =
  | { readonly kind: 'typed'; readonly hasHeader: true; readonly type: number; readonly value: number; readonly isOwn: boolean }
  | { readonly kind: 'list'; readonly hasHeader: true }
  | { readonly kind: 'chosen'; readonly hasHeader: boolean; readonly columns: readonly number[] }
  | {
      readonly kind: 'known';
      readonly hasHeader: true;
      readonly columns: readonly KnownColumn[];
      readonly names: readonly string[];
      /** Other columns that hold observables in the first rows. */
      readonly unread: readonly string[];
    }
  | {
      readonly kind: 'all';
      readonly hasHeader: boolean;
      /** Columns of versions, which look like addresses, and of files, which look like names. */
      readonly roles: ReadonlyMap<number, FieldRole>;
    };

const TYPE_NAMES = ['type', 'indicatortype', 'ioctype', 'observabletype', 'threattype', 'valuetype', 'datatype', 'attributetype'];
const VALUE_NAMES = ['value', 'indicator', 'ioc', 'iocvalue', 'observable', 'indicatorvalue', 'observablevalue', 'data'];
// Too common in other tables to identify a csv.
const COMMON_NAMES = ['value', 'data'];

/** Whether a first row is a header with known columns. */
export function isKnownHeader(header: readonly string[]): boolean {
  const names = header.map(toPlainName);
  if (names.some((name) => NAMING.has(roleOfName(name)))) return true;
  return indexOfAny(names, TYPE_NAMES) !== -1 && indexOfAny(names, VALUE_NAMES) !== -1;
}

const NAMING: ReadonlySet<FieldRole> = new Set(['value', 'host', 'sender', 'link', 'results']);

/** The role of a column, which a SIEM may name by the path to a field: `dns.question.name`. */
function roleOfColumn(name: string): FieldRole {
  const parts = name.split('.').map(toPlainName);
  return parts.length === 1 ? roleOfName(name) : roleOfPath(parts);
}

function indexOfAny(names: readonly string[], wanted: readonly string[]): number {
  const found = wanted.find((name) => names.includes(name));
  return found === undefined ? -1 : names.indexOf(found);
}

/** Chooses what is read, by the first row and up to a hundred that follow. Throws `input` for a column that does not exist. */
export function planColumns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { columns, name }: { readonly columns: readonly string[]; readonly name: string },
): CsvPlan {
  if (columns.length > 0) return planChosen([header, ...rows], columns, name);
  const names = header.map(toPlainName);
  if (isListHeader(names)) return { kind: 'list', hasHeader: true };
  const typed = findTyped(names, rows);
  if (typed) return typed;
  if (isData(header, rows)) return { kind: 'all', hasHeader: false, roles: new Map() };
  const roles = header.map((column, at) => (COMMON_NAMES.includes(names[at] ?? '') ? 'value' : roleOfColumn(column)));
  const known = roles.flatMap((role, at): KnownColumn[] => (role === 'text' || role === 'version' ? [] : [{ at, role }]));
  const shown = known.filter(({ role }) => NAMING.has(role));
  const isUnread = (at: number) => roles[at] === 'text' && holdsAny(rows, at);
  const unread = header.filter((_, at) => isUnread(at)).map(toShown);
  const isMeant = unread.length === 0 || shown.some((column) => namesAny(column, rows));
  if (shown.length === 0 || !isMeant) {
    const other = [...roles.entries()].filter(([, role]) => role === 'version' || role === 'file');
    return { kind: 'all', hasHeader: true, roles: new Map(other) };
  }
  return { kind: 'known', hasHeader: true, columns: known, names: shown.map(({ at }) => toShown(header[at] ?? '')), unread };
}

const NAME = /[^\s\w-]/;

/** Whether a column names observables in the first rows, rather than the same sender again and again. */
function namesAny({ at, role }: KnownColumn, rows: readonly (readonly string[])[]): boolean {
  const filled = rows.map((cells) => cells[at]?.trim() ?? '').filter((cell) => NAME.test(cell));
  return filled.length > 0 && (role !== 'sender' || new Set(filled).size * 2 > filled.length);
}

/** Whether a column holds observables in the first rows. */
function holdsAny(rows: readonly (readonly string[])[], at: number): boolean {
  return rows.some((cells) => extractObservables(cells[at] ?? '').found.length > 0);
}

// A header may have line breaks.
function toShown(name: string): string {
  return name.trim().replace(/\s+/g, ' ');
}

function findTyped(names: readonly string[], rows: readonly (readonly string[])[]): CsvPlan | undefined {
  const value = indexOfAny(names, VALUE_NAMES);
  if (value === -1) return undefined;
  const isType = (at: number) => {
    if (names[at] === 'type' && names[value] === 'value') return true;
    return holdsTypes(rows, at) || rows.length === 0;
  };
  const type = TYPE_NAMES.map((name) => names.indexOf(name)).find((at) => at !== -1 && isType(at));
  return type === undefined ? undefined : { kind: 'typed', hasHeader: true, type, value, isOwn: isOwnHeader(names) };
}

function planChosen([header = [], ...rows]: readonly (readonly string[])[], columns: readonly string[], name: string): CsvPlan {
  const names = header.map(toPlainName);
  const found = columns.map((column) => {
    const named = names.indexOf(toPlainName(column));
    const at = named === -1 && /^\s*\d+\s*$/.test(column) ? Number(column) - 1 : named;
    if (at >= 0 && at < header.length) return { at, isNamed: named !== -1 };
    throw new CctError(
      'input',
      `${name}:1: no column "${column.trim()}" (there are: ${header.map(toShown).join(', ')}); use --column NAME, or --input-format text`,
    );
  });
  const hasHeader = found.some(({ isNamed }) => isNamed) || !isData(header, rows);
  const places = [...new Set(found.map(({ at }) => at))].sort((one, other) => one - other);
  return { kind: 'chosen', hasHeader, columns: places };
}

/** Whether all filled cells of a column are types, and one is. */
function holdsTypes(rows: readonly (readonly string[])[], at: number): boolean {
  const filled = rows.map((cells) => cells[at] ?? '').filter((cell) => cell.trim() !== '');
  return filled.length > 0 && filled.every(isTypeName);
}

/** Whether a first row is one of the others. A known header may have names with dots, such as `host.name`, that end as domains do. */
function isData(first: readonly string[], rows: readonly (readonly string[])[]): boolean {
  const isTyped = first.some((name, at) => isTypeName(name) && holdsTypes(rows, at));
  const isKnown = rows.length > 0 && isKnownHeader(first) && !isTyped;
  const isMeant = ({ type }: Observable) => !isKnown || type !== 'domain';
  return first.some((cell) => {
    const { found, passedOver } = extractObservables(cell);
    return found.some(isMeant) || (!isKnown && passedOver.length > 0);
  });
}
