import { formatCount } from './amount.ts';
import { CctError } from './errors.ts';
import type { ComparedRow, Evidence } from './evidence.ts';
import { isHit, toEvidence } from './evidence.ts';
import { isObject } from './json-text.ts';
import type { LedgerRow } from './ledger.ts';
import type { Observable } from './observable.ts';
import { escapeJson } from './safe-text.ts';

/** How a row differs from an earlier run; `gone`: it was listed or related, and is neither. */
export type Change = NonNullable<LedgerRow['change']>;

/** What is known of observables: at first from an earlier run, then from this one too. */
export interface State {
  /** Adds an observable, or replaces what is known of it. */
  add(observable: Observable, evidence: Evidence): void;
  /** Adds an observable of which only that it was listed is known. */
  addListed(observable: Observable): void;
  /** How a row differs from what is known, which it then replaces; undefined where it does not, and for a failed row, which replaces nothing. */
  compare(row: LedgerRow): Change | undefined;
  /** The text of a state file, some rows at a time, sorted by type and value. */
  write(): Generator<string>;
}

export interface StateOptions {
  /** Whether only what was listed is known, so that nothing else can be new. Default false. */
  readonly hasListedOnly?: boolean;
  /** Most observables of one type. Default: V8's limit of a Map. */
  readonly maxRows?: number;
}

const VERSION = 1;
const HEADER = JSON.stringify({ cct_state: VERSION });
// No evidence of a row: it equals none.
const LISTED_SOMEHOW: Evidence = '{"status":"listed","matched":null}';
const ROWS_A_WRITE = 1_000;

/** Holds evidence by type and value, not the rows: there may be millions. */
export function createState({ hasListedOnly = false, maxRows = 2 ** 24 - 1 }: StateOptions = {}): State {
  const byType = new Map<string, Map<string, Evidence>>();
  const add = ({ type, value }: Observable, evidence: Evidence): void => {
    const known = byType.get(type) ?? new Map<string, Evidence>();
    if (known.size === 0) byType.set(type, known);
    if (known.size >= maxRows && !known.has(value)) {
      throw new CctError('input', `more than ${formatCount(maxRows)} known observables of type ${type}: use several states`);
    }
    known.set(value, evidence);
  };
  return {
    add,
    addListed: (observable) => add(observable, LISTED_SOMEHOW),
    compare(row) {
      if (row.status === 'failed') return undefined;
      const before = byType.get(row.observable.type)?.get(row.observable.value);
      const now = toEvidence(row);
      add(row.observable, now);
      if (before === undefined) return hasListedOnly && row.status !== 'listed' ? undefined : 'new';
      if (before === now || (before === LISTED_SOMEHOW && row.status === 'listed')) return undefined;
      return isHit(before) && !isHit(now) ? 'gone' : 'changed';
    },
    *write() {
      let text = `${HEADER}\n`;
      let rows = 0;
      for (const type of [...byType.keys()].sort()) {
        const known = byType.get(type) ?? new Map<string, Evidence>();
        for (const value of [...known.keys()].sort()) {
          text += toLine({ type, value }, known.get(value) ?? '');
          rows += 1;
          if (rows % ROWS_A_WRITE > 0) continue;
          yield text;
          text = '';
        }
      }
      yield text;
    },
  };
}

function toLine({ type, value }: Observable, evidence: Evidence): string {
  return escapeJson(`{"observable":${JSON.stringify({ type, value })},${evidence.slice(1)}\n`);
}

/** A row with its change in the place that the order of fields gives it. */
export function withChange(row: LedgerRow, change: Change | undefined): LedgerRow {
  if (!change) return row;
  // Nearly all of a million rows, in half the time.
  if (!row.verdict && !row.error) return { ...row, change };
  const { verdict, judgement, error, ...rest } = row;
  return { ...rest, change, ...(verdict && { verdict }), ...(judgement && { judgement }), ...(error && { error }) };
}

/** Whether a JSON value is the first line of a state file, of any version. */
export function isStateHeader(value: unknown): boolean {
  return isObject(value) && 'cct_state' in value;
}

/** Throws `input` where the first line of a state file is of another version. */
export function checkStateHeader(value: unknown, place: string): void {
  const version = isObject(value) ? value['cct_state'] : undefined;
  if (version === VERSION) return;
  throw new CctError(
    'input',
    `${place}: a state of version ${JSON.stringify(version)}; this cct reads version ${VERSION}. Use another file`,
  );
}

/**
 * The observable and the evidence of a row, of a state file or as printed; the evidence is null where the lookup failed. Throws `input`,
 * naming the place, for anything else.
 */
export function parseKnownRow(value: unknown, place: string): { observable: Observable; evidence: Evidence | null } {
  const broken = (what: string) => new CctError('input', `${place}: ${what}`);
  // No schema: for a million rows it would take as long as JSON.parse.
  if (!isObject(value)) throw broken('expected a row');
  const { observable, status } = value;
  if (!isObject(observable) || !isString(observable['type']) || !isString(observable['value']))
    throw broken('expected an observable');
  const known = { type: observable['type'], value: observable['value'] };
  if (status === 'failed') return { observable: known, evidence: null };
  if (status !== 'listed' && status !== 'unlisted' && status !== 'skipped') throw broken('expected a status');
  const row: ComparedRow = {
    status,
    ...optional('family', value['family'], isString, broken),
    ...optional('matched', value['matched'], isMatched, broken),
    ...optional('related', value['related'], isRelated, broken),
    ...optional('warnings', value['warnings'], isTexts, broken),
  };
  return { observable: known, evidence: toEvidence(row) };
}

/** A field that may be absent. */
function optional<Name extends string, Value>(
  name: Name,
  value: unknown,
  isValid: (given: unknown) => given is Value,
  broken: (what: string) => CctError,
): { readonly [Key in Name]?: Value } {
  if (value === undefined) return {};
  if (!isValid(value)) throw broken(`invalid ${name}`);
  return { [name]: value } as { readonly [Key in Name]: Value };
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isString);
}

function isMatched(value: unknown): value is NonNullable<ComparedRow['matched']> {
  return isRelated(value) && (!('date' in value) || isString(value.date));
}

function isRelated(value: unknown): value is NonNullable<ComparedRow['related']> {
  return isObject(value) && isString(value['entry']);
}
