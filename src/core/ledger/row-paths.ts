import type { LedgerRow } from './ledger.ts';
import { countEdits } from '../nearest.ts';

type Leaf = string | number | boolean | readonly unknown[];

type PathOf<Value> = {
  [Name in keyof Value & string]-?: NonNullable<Value[Name]> extends Leaf ? Name : `${Name}.${PathOf<NonNullable<Value[Name]>>}`;
}[keyof Value & string];

/** The dotted path of a value in a ledger row: `matched.entry`. Objects have no path of their own. */
export type RowPath = PathOf<LedgerRow>;

// A record, so that the compiler reports a missing path.
const PATHS: Readonly<Record<RowPath, true>> = {
  'observable.type': true,
  'observable.value': true,
  status: true,
  reason: true,
  derived: true,
  source: true,
  answered_at: true,
  family: true,
  first_listed: true,
  'matched.by': true,
  'matched.entry': true,
  'matched.date': true,
  'matched.shared': true,
  'matched.from': true,
  'related.by': true,
  'related.entries': true,
  'related.newest': true,
  'related.entry': true,
  'older.date': true,
  'older.entry': true,
  warnings: true,
  'seen.first.file': true,
  'seen.first.line': true,
  'seen.first.time': true,
  'seen.count': true,
  'seen.last.file': true,
  'seen.last.line': true,
  'seen.last.time': true,
  change: true,
  'verdict.type': true,
  'verdict.observable.type': true,
  'verdict.observable.value': true,
  'verdict.disposition': true,
  'verdict.disposition_name': true,
  'verdict.valid_time.start_time': true,
  'verdict.valid_time.end_time': true,
  'verdict.judgement_id': true,
  'judgement.type': true,
  'judgement.id': true,
  'judgement.external_ids': true,
  'judgement.observable.type': true,
  'judgement.observable.value': true,
  'judgement.disposition': true,
  'judgement.disposition_name': true,
  'judgement.source': true,
  'judgement.source_uri': true,
  'judgement.confidence': true,
  'judgement.severity': true,
  'judgement.priority': true,
  'judgement.reason': true,
  'judgement.tlp': true,
  'judgement.schema_version': true,
  'judgement.valid_time.start_time': true,
  'judgement.valid_time.end_time': true,
  'error.type': true,
  'error.code': true,
  'error.message': true,
};

/** All paths, in the order of a row. */
export const rowPaths = Object.keys(PATHS) as readonly RowPath[];

/** Whether a text is the path of a value in a ledger row. */
export function isRowPath(text: string): text is RowPath {
  return Object.hasOwn(PATHS, text);
}

// Longer than any path. Computing the edit distance takes quadratic time.
const MAX_LENGTH = 40;

/** Suggests paths for a wrong one: those that contain its names, else the nearest in spelling, else all. */
export function suggestRowPaths(wrong: string): readonly RowPath[] {
  const text = wrong.toLowerCase();
  const related = rowPaths.filter((path) => `.${path}.`.includes(`.${text}.`));
  if (related.length > 0) return related;
  if (text.length > MAX_LENGTH) return rowPaths;
  const nearest = rowPaths.map(
    (path) => [Math.min(countEdits(text, path), countEdits(text, path.split('.').at(-1) ?? '') + 1), path] as const,
  );
  const least = Math.min(...nearest.map(([edits]) => edits));
  return least <= text.length / 3 ? nearest.filter(([edits]) => edits === least).map(([, path]) => path) : rowPaths;
}
