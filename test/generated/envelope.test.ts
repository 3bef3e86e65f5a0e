import fc from 'fast-check';
import { describe, expect } from 'vitest';
import * as z from 'zod/mini';
import { envelopeSchema } from '../../src/core/ctim/ctim.ts';
import type { Envelope } from '../../src/core/ctim/envelope.ts';
import { createEnvelopeBuilder, writeEnvelope } from '../../src/core/ctim/envelope.ts';
import type { LedgerRow, Mode } from '../../src/core/ledger/ledger.ts';
import { toLedgerRow } from '../../src/core/ledger/ledger.ts';
import { toSafeJson } from '../../src/core/safe-text.ts';
import { API_URL, toListedOutcome } from '../core/samples.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { testCostly, testProperty } from './cases.ts';
import { mode, modeAndRows, rowsIn } from './outcomes.ts';
import { OBEYED } from './texts.ts';

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

function toEnvelope(rows: readonly LedgerRow[], chosen: Mode): Envelope {
  const builder = createEnvelopeBuilder(chosen);
  for (const row of rows) builder.add(row);
  return builder.toEnvelope();
}

const write = (envelope: Envelope) => [...writeEnvelope(envelope)].join('');

/** The two sets of an answer, and its errors; empty where it has none. */
function read(text: string) {
  const answer = z.parse(envelopeSchema, JSON.parse(text));
  const { verdicts, judgements } = 'data' in answer ? answer.data : {};
  return { answer, verdicts: verdicts ?? { count: 0, docs: [] }, judgements: judgements ?? { count: 0, docs: [] } };
}

describe('an answer', () => {
  testProperty(
    'is valid for any rows, with a week in its times, distinct documents and as many as it counts',
    [modeAndRows],
    ({ mode: chosen, rows }) => {
      const text = write(toEnvelope(rows, chosen));
      expect(validateAnswer(JSON.parse(text))).toEqual([]);
      for (const { count, docs } of Object.values(read(text)).filter((set) => 'docs' in set)) {
        expect(count).toBe(docs.length);
        expect(new Set(docs.map((doc) => JSON.stringify(doc))).size).toBe(docs.length);
        const lastedMs = docs.map(({ valid_time: at }) => Date.parse(at.end_time) - Date.parse(at.start_time));
        expect(lastedMs).toEqual(docs.map(() => WEEK_MS));
      }
    },
  );

  testProperty(
    'has a Verdict for each listed row, in their order, and in observe the Judgement that it names',
    [modeAndRows],
    ({ mode: chosen, rows }) => {
      const { verdicts, judgements } = read(write(toEnvelope(rows, chosen)));
      const listed = rows.filter(({ status }) => status === 'listed');
      expect(JSON.stringify(verdicts.docs.map(({ observable }) => observable))).toBe(
        JSON.stringify(listed.map((row) => row.observable)),
      );
      const expected = chosen === 'observe' ? judgements.docs.map(({ id }) => id) : listed.map(() => undefined);
      expect(verdicts.docs.map((doc) => doc.judgement_id)).toEqual(expected);
    },
  );

  testProperty(
    'reports every failure and every warning, and nothing that a terminal obeys',
    [modeAndRows],
    ({ mode: chosen, rows }) => {
      const text = write(toEnvelope(rows, chosen));
      const { answer } = read(text);
      const kinds = new Set(
        rows.flatMap(({ error }) => (error ? [JSON.stringify([error.type, error.code, error.message])] : [])),
      );
      expect(answer.errors ?? []).toHaveLength(kinds.size);
      const named = rows.filter(({ status }) => status === 'failed');
      if (named.length > 0) expect(answer.errors?.length ?? 0).toBeGreaterThan(0);
      expect(text.replaceAll('\n', '')).not.toMatch(OBEYED);
      expect(text.endsWith('\n')).toBe(true);
    },
  );

  testCostly(
    'of many documents, written in pieces, is the same text as in one piece',
    { oneOf: 20, why: 'answers of more than 100 documents' },
    [mode.chain((chosen) => fc.tuple(fc.constant(chosen), rowsIn(chosen), fc.integer({ min: 90, max: 110 })))],
    (given) => {
      const [chosen, rows, count] = given;
      const more = Array.from({ length: count }, (_, at) => toListedOutcome(`${at}`));
      const all = [...rows, ...more.map((outcome) => toLedgerRow(outcome, { mode: chosen, apiUrl: API_URL }))];
      const text = write(toEnvelope(all, chosen));
      expect(text).toBe(`${toSafeJson(JSON.parse(text), 2)}\n`);
      expect(read(text).verdicts.docs).toHaveLength(all.filter(({ status }) => status === 'listed').length);
    },
  );
});
