import { formatCount } from '../amount.ts';
import type { Judgement, Verdict } from './ctim.ts';
import type { RelayError, RowError } from '../errors.ts';
import type { LedgerRow, Mode } from '../ledger/ledger.ts';
import type { Observable } from '../observables/observable.ts';
import { shorten, toSafeJson } from '../safe-text.ts';

/** A relay answer before serialisation. */
export interface Envelope {
  readonly mode: Mode;
  readonly verdicts: Verdict[];
  readonly judgements: Judgement[];
  readonly errors: RelayError[];
}

/** Collects an answer's documents and errors from rows. */
export interface EnvelopeBuilder {
  add(row: LedgerRow): void;
  toEnvelope(): Envelope;
}

const NAMED_AT_MOST = 5;
// A hostile URL must not fill the error message.
const NAMED_LENGTH_AT_MOST = 200;

/** Builds an answer from ledger rows. */
export function createEnvelopeBuilder(mode: Mode): EnvelopeBuilder {
  const verdicts: Verdict[] = [];
  const judgements: Judgement[] = [];
  const problems = createProblems<RelayError>();
  return {
    add(row) {
      if (row.verdict) verdicts.push(row.verdict);
      if (row.judgement) judgements.push(row.judgement);
      if (row.error) problems.add(row.observable, toRelayCode(row.error));
    },
    toEnvelope: () => ({ mode, verdicts, judgements, errors: problems.toErrors() }),
  };
}

/** The relay's contract has no code for an interruption. */
function toRelayCode({ type, code, message }: RowError): RelayError {
  return { type, code: code === 'interrupted' ? 'service unavailable' : code, message };
}

/** The errors of rows. */
export interface Problems<Kind extends RowError> {
  add(observable: Observable, error: Kind): void;
  /** Merges equal errors into one item, which names the first five observables. */
  toErrors(): Kind[];
}

/** Collects the errors of rows. */
export function createProblems<Kind extends RowError>(): Problems<Kind> {
  const problems = new Map<string, { error: Kind; named: string[]; total: number }>();
  return {
    add(observable, error) {
      const kind = JSON.stringify(error);
      const problem = problems.get(kind) ?? { error, named: [], total: 0 };
      problems.set(kind, problem);
      problem.total += 1;
      if (problem.named.length < NAMED_AT_MOST) problem.named.push(shorten(observable.value, NAMED_LENGTH_AT_MOST));
    },
    toErrors: () =>
      [...problems.values()].map(({ error, named, total }) => ({
        ...error,
        message: `${error.message}: ${named.join(', ')}${total > named.length ? ` and ${formatCount(total - named.length)} more` : ''}`,
      })),
  };
}

/** The answer as JSON. An empty one is `{data: {}}`; one with errors and no documents has no `data`. */
export function toAnswer({ mode, verdicts, judgements, errors }: Envelope) {
  if (verdicts.length === 0) return errors.length === 0 ? { data: {} } : { errors };
  const sets = { verdicts: toSet(verdicts), ...(mode === 'observe' && { judgements: toSet(judgements) }) };
  return { data: sets, ...(errors.length > 0 && { errors }) };
}

function toSet<Doc>(docs: readonly Doc[]) {
  return { count: docs.length, docs };
}

/** The answer as indented JSON text, in pieces, so that a large answer is never one string. Ends with a line break. */
export function* writeEnvelope(envelope: Envelope): Generator<string> {
  const answer = toAnswer(envelope);
  const isEmpty = envelope.verdicts.length === 0 && envelope.errors.length === 0;
  if (isEmpty) yield JSON.stringify(answer);
  else yield* writeMembers(answer, '', DEPTH_OF_DOCS);
  yield '\n';
}

// answer, data, verdicts, docs
const DEPTH_OF_DOCS = 4;

/** Indents as `JSON.stringify` does, and yields each member or item of the outer levels separately. */
function* writeMembers(value: object, margin: string, depth: number): Generator<string> {
  const isArray = Array.isArray(value);
  const inner = `${margin}  `;
  let separator = isArray ? '[' : '{';
  for (const name in value) {
    const item = value[name as keyof typeof value] as unknown;
    const start = `${separator}\n${inner}${isArray ? '' : `"${name}": `}`;
    separator = ',';
    if (depth > 1 && typeof item === 'object' && item !== null) {
      yield start;
      yield* writeMembers(item, inner, depth - 1);
    } else {
      // Line breaks of JSON text are layout only.
      yield start + toSafeJson(item, 2).replaceAll('\n', `\n${inner}`);
    }
  }
  yield `\n${margin}${isArray ? ']' : '}'}`;
}
