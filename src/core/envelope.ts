import { formatCount } from './amount.ts';
import type { Judgement, Verdict } from './ctim.ts';
import type { RelayError } from './errors.ts';
import type { LedgerRow, Mode } from './ledger.ts';
import { cut, toSafeJson } from './safe-text.ts';

/** A relay answer before it is written. `docs` are given as lists; counts and the rest follow from them. */
export interface Envelope {
  readonly mode: Mode;
  readonly verdicts: Verdict[];
  readonly judgements: Judgement[];
  readonly errors: RelayError[];
}

/** Takes rows one by one, keeps what the answer needs, and lets go of the rest. */
export interface EnvelopeBuilder {
  add(row: LedgerRow): void;
  toEnvelope(): Envelope;
}

const NAMED_AT_MOST = 5;
// A hostile URL must not make the error longer than what it says.
const NAMED_LENGTH_AT_MOST = 200;

/** Collects an answer from ledger rows. Like errors share one item, which names the first five observables. */
export function createEnvelopeBuilder(mode: Mode): EnvelopeBuilder {
  const verdicts: Verdict[] = [];
  const judgements: Judgement[] = [];
  const problems = new Map<string, { error: RelayError; named: string[]; total: number }>();
  return {
    add({ observable, verdict, judgement, error }) {
      if (verdict) verdicts.push(verdict);
      if (judgement) judgements.push(judgement);
      if (!error) return;
      const kind = JSON.stringify(error);
      const problem = problems.get(kind) ?? { error, named: [], total: 0 };
      problems.set(kind, problem);
      problem.total += 1;
      if (problem.named.length < NAMED_AT_MOST) problem.named.push(toName(observable.value));
    },
    toEnvelope() {
      const errors = [...problems.values()].map(({ error, named, total }) => ({
        ...error,
        message: `${error.message}: ${named.join(', ')}${total > named.length ? ` and ${formatCount(total - named.length)} more` : ''}`,
      }));
      return { mode, verdicts, judgements, errors };
    },
  };
}

function toName(value: string): string {
  const start = cut(value, NAMED_LENGTH_AT_MOST);
  return start === value ? value : `${start}…`;
}

// Above this an answer is written piece by piece; below, all at once, which takes half the time.
const DOCS_AT_ONCE = 100;

/**
 * The answer as JSON text, in pieces, so that a large one never stands in memory as one string. Ends with a line break.
 * An answer with nothing to say is `{"data":{}}`; one with errors and no documents has no `data`.
 */
export function* writeEnvelope(envelope: Envelope): Generator<string> {
  const { verdicts, errors } = envelope;
  if (verdicts.length === 0 && errors.length === 0) yield '{"data":{}}\n';
  else if (verdicts.length <= DOCS_AT_ONCE) yield `${toSafeJson(toAnswer(envelope), 2)}\n`;
  else yield* writePieces(envelope);
}

function toAnswer({ mode, verdicts, judgements, errors }: Envelope): object {
  const toSet = (docs: readonly object[]) => ({ count: docs.length, docs });
  const data = mode === 'observe' ? { verdicts: toSet(verdicts), judgements: toSet(judgements) } : { verdicts: toSet(verdicts) };
  if (verdicts.length === 0) return { errors };
  return errors.length === 0 ? { data } : { data, errors };
}

function* writePieces({ mode, verdicts, judgements, errors }: Envelope): Generator<string> {
  yield '{\n  "data": {\n    "verdicts": ';
  yield* writeDocs(verdicts);
  if (mode === 'observe') {
    yield ',\n    "judgements": ';
    yield* writeDocs(judgements);
  }
  yield '\n  }';
  if (errors.length > 0) yield `,\n  "errors": ${indent(toSafeJson(errors, 2), '  ')}`;
  yield '\n}\n';
}

function* writeDocs(docs: readonly object[]): Generator<string> {
  yield `{\n      "count": ${docs.length},\n      "docs": [`;
  let separator = '\n        ';
  for (const doc of docs) {
    yield separator + indent(toSafeJson(doc, 2), '        ');
    separator = ',\n        ';
  }
  yield '\n      ]\n    }';
}

/** JSON text holds line breaks only where it was laid out, so every line can be moved. */
function indent(json: string, by: string): string {
  return json.replaceAll('\n', `\n${by}`);
}
