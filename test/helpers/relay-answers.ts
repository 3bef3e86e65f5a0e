import * as z from 'zod/mini';
import { validateAnswer } from './relay-schema.ts';

const docsSchema = z.object({ docs: z.array(z.object({ observable: z.object({ value: z.string() }) })) });
/** The parts of a relay answer that most tests look at. */
export const answerSchema = z.object({
  data: z.optional(z.object({ verdicts: z.optional(docsSchema), judgements: z.optional(docsSchema) })),
  errors: z.optional(z.array(z.object({ type: z.string(), code: z.string(), message: z.string() }))),
});

/** The values of documents, in order; undefined without any. */
export function valuesOf(set: z.infer<typeof docsSchema> | undefined): string[] | undefined {
  return set?.docs.map(({ observable }) => observable.value);
}

/** The statements of a relay answer about observables. */
export interface ToldAnswer {
  /** The values of its Verdicts, in order. */
  readonly listed: readonly string[];
  /** The values of its Judgements. */
  readonly judged: readonly string[];
  /** The values in its errors. */
  readonly failed: ReadonlySet<string>;
  /** Further observables that its errors count. */
  readonly failedUnnamed: number;
  readonly errorCodes: readonly string[];
  /** What is wrong with its form, a line each: invalid JSON, or not as the schema says. */
  readonly problems: readonly string[];
}

const NOTHING: ToldAnswer = { listed: [], judged: [], failed: new Set(), failedUnnamed: 0, errorCodes: [], problems: [] };

/** Reads an answer; never throws. */
export function readToldAnswer(text: string): ToldAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return { ...NOTHING, problems: [`invalid JSON: ${text.slice(0, 200)}`] };
  }
  const problems = validateAnswer(answer);
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) return { ...NOTHING, problems: [...problems, 'no answer of a relay'] };
  const { data, errors = [] } = parsed.data;
  const named = errors.map(({ message }) => readNames(message));
  return {
    listed: valuesOf(data?.verdicts) ?? [],
    judged: valuesOf(data?.judgements) ?? [],
    failed: new Set(named.flatMap(({ names }) => names)),
    failedUnnamed: named.reduce((sum, { more }) => sum + more, 0),
    errorCodes: errors.map(({ code }) => code),
    problems,
  };
}

/** The observables at the end of an error's message: the first few by name, the rest counted. */
function readNames(message: string): { readonly names: readonly string[]; readonly more: number } {
  const [, list = '', more = '0'] = /^.*: (.*?)(?: and (\d+) more)?$/s.exec(message) ?? [];
  return { names: list === '' ? [] : list.split(', '), more: Number(more) };
}
