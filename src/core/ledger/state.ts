import { formatCount } from '../amount.ts';
import { CctError } from '../errors.ts';
import type { ComparedRow, Evidence } from './evidence.ts';
import { isHit, toEvidence } from './evidence.ts';
import { isObject } from '../json-text.ts';
import type { LedgerRow } from './ledger.ts';
import type { Observable } from '../observables/observable.ts';
import { escapeJson } from '../safe-text.ts';

/** How a row differs from an earlier run. `gone`: it was listed or related, and is now neither. */
export type Change = NonNullable<LedgerRow['change']>;

/** The known evidence of observables, from an earlier run and then also from this one. */
export interface State {
  /** Sets the evidence of an observable. */
  add(observable: Observable, evidence: Evidence): void;
  /** Adds an observable that is known to be listed, without further evidence. */
  addListed(observable: Observable): void;
  /** Compares a row with the known evidence and then replaces it; undefined for no difference. A failed row differs from and replaces nothing. */
  compare(row: LedgerRow): Change | undefined;
  /** The text of a state file, in pieces of several rows, sorted by type and value. */
  write(): Generator<string>;
}

export interface StateOptions {
  /** Whether the earlier run recorded only listed observables, so that nothing else can be new. Default false. */
  readonly hasListedOnly?: boolean;
  /** Maximum number of observables of one type. Default: V8's limit for a Map. */
  readonly maxRows?: number;
}

const VERSION = 1;
const HEADER = JSON.stringify({ cct_state: VERSION });
// Differs from the evidence of any row.
const LISTED_SOMEHOW: Evidence = '{"status":"listed","matched":null}';
const ROWS_PER_WRITE = 1_000;

/** Creates a state. It stores evidence instead of rows, because there may be millions. */
export function createState({ hasListedOnly = false, maxRows = 2 ** 24 - 1 }: StateOptions = {}): State {
  const byType = new Map<string, Map<string, Evidence>>();
  const add = ({ type, value }: Observable, evidence: Evidence): void => {
    const known = byType.get(type) ?? new Map<string, Evidence>();
    if (known.size === 0) byType.set(type, known);
    if (known.size >= maxRows && !known.has(value)) {
      throw new CctError('input', `more than ${formatCount(maxRows)} known observables of type ${type}: use several state files`);
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
          if (rows % ROWS_PER_WRITE > 0) continue;
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

/** Adds the change to a row, keeping the order of fields. */
export function withChange(row: LedgerRow, change: Change | undefined): LedgerRow {
  if (!change) return row;
  // The fast path of nearly all rows.
  if (!row.verdict && !row.error) return { ...row, change };
  const { verdict, judgement, error, ...rest } = row;
  return { ...rest, change, ...(verdict && { verdict }), ...(judgement && { judgement }), ...(error && { error }) };
}

/** Whether a JSON value is the first line of a state file, of any version. */
export function isStateHeader(value: unknown): boolean {
  return isObject(value) && 'cct_state' in value;
}

/** Throws `input` if the first line of a state file names another version. */
export function checkStateHeader(value: unknown, place: string): void {
  const version = isObject(value) ? value['cct_state'] : undefined;
  if (version === VERSION) return;
  throw new CctError(
    'input',
    `${place}: a state of version ${JSON.stringify(version)}; this cct reads version ${VERSION}. Use another file`,
  );
}

/**
 * Parses the observable and evidence of a row, from a state file or as printed. The evidence is null if the lookup failed. Throws `input`
 * with the place for anything else.
 */
export function parseKnownRow(value: unknown, place: string): { observable: Observable; evidence: Evidence | null } {
  const broken = (what: string) => new CctError('input', `${place}: ${what}`);
  // No schema: it would take as long as JSON.parse.
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
