import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { envelopeSchema, failureSchema, judgementSchema, verdictSchema } from '../../../src/core/ctim/ctim.ts';
import { enrich } from '../../../src/core/lookups/enrich.ts';
import { plan } from '../../../src/core/lookups/plan.ts';
import { createEnvelopeBuilder, writeEnvelope } from '../../../src/core/ctim/envelope.ts';
import { CctError } from '../../../src/core/errors.ts';
import type { Mode } from '../../../src/core/ledger/ledger.ts';
import { toLedgerRow } from '../../../src/core/ledger/ledger.ts';
import type { Observable } from '../../../src/core/observables/observable.ts';
import type { Answer } from '../../../src/core/lookups/tracker.ts';
import { brokenAnswers, soundAnswer } from '../../helpers/broken-answers.ts';
import type { JsonSchema } from '../../helpers/relay-schema.ts';
import { relaySchema, validateAnswer } from '../../helpers/relay-schema.ts';
import { API_URL, collect, createTracker, patient, toListed } from '../samples.ts';

/** Every schema within a schema, with its path. */
function* walk(schema: JsonSchema, path = ''): Generator<readonly [path: string, schema: JsonSchema]> {
  yield [path, schema];
  for (const [name, inner] of Object.entries(schema.properties ?? {})) yield* walk(inner, `${path}/${name}`);
  for (const [index, inner] of (schema.anyOf ?? []).entries()) yield* walk(inner, `${path}|${index}`);
  if (schema.items) yield* walk(schema.items, `${path}[]`);
}

describe('the schema of an answer', () => {
  const all = [...walk(relaySchema)];

  test('closes every object', () => {
    const objects = all.filter(([, { type }]) => type === 'object');
    expect(objects.map(([path, { additionalProperties }]) => [path, additionalProperties])).toEqual(
      [
        ['|0', '|0/data', '|0/data/verdicts', '|0/data/verdicts/docs[]', '|0/data/verdicts/docs[]/observable'],
        ['|0/data/verdicts/docs[]/valid_time', '|0/data/judgements', '|0/data/judgements/docs[]'],
        ['|0/data/judgements/docs[]/observable', '|0/data/judgements/docs[]/valid_time', '|0/errors[]', '|1', '|1/errors[]'],
      ]
        .flat()
        .map((path) => [path, false]),
    );
  });

  test('makes docs sets', () => {
    expect(all.filter(([, { uniqueItems }]) => uniqueItems === true).map(([path]) => path)).toEqual([
      '|0/data/verdicts/docs',
      '|0/data/judgements/docs',
    ]);
  });

  test('gives every field of an answer a type', () => {
    expect(all.filter(([, { type, anyOf }]) => type === undefined && anyOf === undefined)).toEqual([]);
  });
});

describe('a sound answer', () => {
  const { data, errors } = soundAnswer;

  test('is valid with documents, with errors, with both, and empty', () => {
    const answers = [
      soundAnswer,
      { data },
      { data: { verdicts: data.verdicts } },
      { errors },
      { data: {} },
      { data: {}, errors },
    ];
    expect(answers.map(validateAnswer)).toEqual(answers.map(() => []));
  });

  test('may hold sets without documents', () => {
    expect(validateAnswer({ data: { verdicts: { count: 0, docs: [] }, judgements: { count: 0, docs: [] } } })).toEqual([]);
  });

  test('is taken by the schemas of its parts', () => {
    expect(z.safeParse(verdictSchema, data.verdicts.docs[0]).success).toBe(true);
    expect(z.safeParse(judgementSchema, data.judgements.docs[0]).success).toBe(true);
  });
});

describe('a broken answer', () => {
  test('is refused, whatever is wrong with it', () => {
    expect(brokenAnswers.length).toBeGreaterThan(80);
    expect(brokenAnswers.filter(({ answer }) => validateAnswer(answer).length === 0).map(({ why }) => why)).toEqual([]);
  });

  test('stands in the list once', () => {
    expect(new Set(brokenAnswers.map(({ answer }) => JSON.stringify(answer))).size).toBe(brokenAnswers.length);
    expect(new Set(brokenAnswers.map(({ why }) => why)).size).toBe(brokenAnswers.length);
  });

  test('is refused with the place and the reason', () => {
    const { data } = soundAnswer;
    const verdicts = { ...data.verdicts, count: 2 };
    const [verdict] = data.verdicts.docs;
    expect(validateAnswer({ data: { verdicts } })).toEqual(['count is 2 for 1 docs']);
    expect(validateAnswer({ data: { verdicts: { count: 1, docs: [{ ...verdict, x: 1 }] } } })).toContain(
      '/data/verdicts/docs/0 must NOT have additional properties',
    );
  });

  test('is refused by the parsing schema too when a field is added', () => {
    const withExtraField = brokenAnswers.filter(({ why }) => why.startsWith('an extra field'));
    expect(withExtraField).toHaveLength(14);
    expect(withExtraField.filter(({ answer }) => z.safeParse(envelopeSchema, answer).success).map(({ why }) => why)).toEqual([]);
  });
});

describe('the schemas of the parts', () => {
  const [judgement] = soundAnswer.data.judgements.docs;
  const isJudgement = (changes: object) => z.safeParse(judgementSchema, { ...judgement, ...changes }).success;
  const [start_time, end_time] = ['2026-03-01T12:34:56.789Z', '2026-03-08T12:34:56.789Z'];

  test('take an observable of each type that a tracker can be asked about', () => {
    const types = ['ip', 'url', 'domain'];
    expect(types.filter((type) => isJudgement({ observable: { type, value: 'x' } }))).toEqual(types);
  });

  test.each([
    { id: 'x transient:judgement-1' },
    { id: 'transient:judgement-1\nx' },
    { source_uri: ' https://tracker.example/' },
    { source_uri: 'https://tracker.example/ ' },
    { valid_time: { start_time: `x${start_time}`, end_time } },
    { valid_time: { start_time, end_time: `${end_time}x` } },
  ])('look at the whole of a text: %j', (changes) => {
    expect(isJudgement(changes)).toBe(false);
  });

  test('take errors of both types, and nothing but errors as a failure', () => {
    const toErrors = (type: string) => ({ errors: [{ type, code: 'unknown', message: 'x' }] });
    const answers = [toErrors('fatal'), toErrors('warning'), toErrors(''), {}, { ...toErrors('fatal'), data: {} }];
    expect(answers.map((answer) => z.safeParse(failureSchema, answer).success)).toEqual([true, true, false, false, false]);
  });
});

/** The answer that the program gives for observables when the tracker says this of each lookup key. */
async function answerOf(
  observables: readonly Observable[],
  mode: Mode,
  say: (key: string) => Answer | CctError,
): Promise<unknown> {
  const tracker = createTracker(({ key }) => {
    const said = say(key);
    return said instanceof CctError ? Promise.reject(said) : Promise.resolve(said);
  });
  const builder = createEnvelopeBuilder(mode);
  const plans = plan(observables, { includePrivate: true });
  for (const outcome of (await collect(enrich([plans], { tracker, context: patient }))).flat()) {
    builder.add(toLedgerRow(outcome, { mode, apiUrl: API_URL }));
  }
  return JSON.parse([...writeEnvelope(builder.toEnvelope())].join(''));
}

describe('an answer of the program', () => {
  test('is valid for observables that share a lookup key, an address as ip and url, and the same one twice', async () => {
    const observables = [
      { type: 'url', value: 'http://panel.example/a' },
      { type: 'url', value: 'https://panel.example/a' },
      { type: 'URL', value: 'http://panel.example/a' },
      { type: 'ip', value: '192.0.2.1' },
      { type: 'url', value: '192.0.2.1' },
    ];
    const answer = await answerOf(observables, 'observe', () => toListed());
    expect(validateAnswer(answer)).toEqual([]);
    expect(answer).toMatchObject({ data: { verdicts: { count: 4 }, judgements: { count: 4 } } });
  });
});
