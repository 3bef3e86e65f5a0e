import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/core/lookups/outcome.ts';
import { createEnvelopeBuilder, writeEnvelope } from '../../../src/core/ctim/envelope.ts';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { CctError } from '../../../src/core/errors.ts';
import type { LedgerRow, Mode } from '../../../src/core/ledger/ledger.ts';
import { toLedgerRow } from '../../../src/core/ledger/ledger.ts';
import { API_URL, toListedOutcome, toQuestion, toUrl, unlisted } from '../samples.ts';

function toFailed(path: string, message = 'The tracker is down', code: ErrorCode = 'unavailable'): Outcome {
  return { status: 'failed', observable: toUrl(path), question: toQuestion(path), error: new CctError(code, message) };
}

const unlistedOutcome: Outcome = { status: 'unlisted', observable: toUrl('u'), question: toQuestion('u'), answer: unlisted };
const skippedOutcome: Outcome = {
  status: 'skipped',
  observable: { type: 'domain', value: 'x' },
  skip: 'unsupported',
  detail: 'x',
};

function rowsOf(outcomes: readonly Outcome[], mode: Mode): LedgerRow[] {
  return outcomes.map((outcome) => toLedgerRow(outcome, { mode, apiUrl: API_URL }));
}

function textOf(outcomes: readonly Outcome[], mode: Mode = 'observe'): string {
  const builder = createEnvelopeBuilder(mode);
  for (const row of rowsOf(outcomes, mode)) builder.add(row);
  return [...writeEnvelope(builder.toEnvelope())].join('');
}

function errorsOf(outcomes: readonly Outcome[]) {
  const builder = createEnvelopeBuilder('observe');
  for (const row of rowsOf(outcomes, 'observe')) builder.add(row);
  return builder.toEnvelope().errors;
}

/** The documents that rows hold, as an answer carries them. */
function toDocs<Doc>(docs: readonly (Doc | undefined)[]) {
  return { count: docs.length, docs };
}

describe('an answer', () => {
  test('to observe holds Verdicts and Judgements in the order of the rows, counted', () => {
    const outcomes = [toListedOutcome('b'), unlistedOutcome, toListedOutcome('a'), skippedOutcome];
    const rows = rowsOf([toListedOutcome('b'), toListedOutcome('a')], 'observe');
    expect(JSON.parse(textOf(outcomes))).toStrictEqual({
      data: {
        verdicts: toDocs(rows.map(({ verdict }) => verdict)),
        judgements: toDocs(rows.map(({ judgement }) => judgement)),
      },
    });
  });

  test('to deliberate holds Verdicts only, without judgement_id', () => {
    const [row] = rowsOf([toListedOutcome('a')], 'deliberate');
    expect(row?.verdict).not.toHaveProperty('judgement_id');
    expect(JSON.parse(textOf([toListedOutcome('a')], 'deliberate'))).toStrictEqual({
      data: { verdicts: toDocs([row?.verdict]) },
    });
  });

  test('with nothing to say is the empty one, to either question', () => {
    const texts = [textOf([]), textOf([], 'deliberate'), textOf([unlistedOutcome, skippedOutcome])];
    expect(texts).toEqual(['{"data":{}}\n', '{"data":{}}\n', '{"data":{}}\n']);
  });

  test('with errors and no documents carries no data', () => {
    expect(JSON.parse(textOf([toFailed('a'), unlistedOutcome]))).toStrictEqual({
      errors: [{ type: 'fatal', code: 'service unavailable', message: 'The tracker is down: http://panel.example/a' }],
    });
  });

  test('with errors keeps the documents found before and after', () => {
    const rows = rowsOf([toListedOutcome('a'), toListedOutcome('c')], 'deliberate');
    expect(JSON.parse(textOf([toListedOutcome('a'), toFailed('b'), toListedOutcome('c')], 'deliberate'))).toStrictEqual({
      data: { verdicts: toDocs(rows.map(({ verdict }) => verdict)) },
      errors: [{ type: 'fatal', code: 'service unavailable', message: 'The tracker is down: http://panel.example/b' }],
    });
  });
});

describe('like problems', () => {
  test('share one item that names them in order', () => {
    expect(errorsOf([toFailed('c'), toFailed('a'), toFailed('b')]).map(({ message }) => message)).toEqual([
      'The tracker is down: http://panel.example/c, http://panel.example/a, http://panel.example/b',
    ]);
  });

  test('are all named when they are five', () => {
    expect(errorsOf(['1', '2', '3', '4', '5'].map((path) => toFailed(path))).map(({ message }) => message)).toEqual([
      `The tracker is down: ${['1', '2', '3', '4', '5'].map((path) => `http://panel.example/${path}`).join(', ')}`,
    ]);
  });

  test('are named up to five, with how many more', () => {
    const messages = [6, 1207].map((length) =>
      errorsOf(Array.from({ length }, (_, index) => toFailed(String(index + 1)))).map(({ message }) => message),
    );
    const named = ['1', '2', '3', '4', '5'].map((path) => `http://panel.example/${path}`).join(', ');
    expect(messages).toEqual([[`The tracker is down: ${named} and 1 more`], [`The tracker is down: ${named} and 1,202 more`]]);
  });

  test('are alike by type, code and message; others stand apart, in order of first sight', () => {
    const outcomes = [
      toFailed('a', 'Too late', 'deadline'),
      toFailed('b', 'Too late', 'unavailable'),
      toFailed('c', 'Refused', 'unavailable'),
      toFailed('d', 'Too late', 'deadline'),
      toFailed('e', 'Too late', 'interrupted'),
    ];
    expect(errorsOf(outcomes)).toEqual([
      {
        type: 'warning',
        code: 'service unavailable',
        message: 'Too late: http://panel.example/a, http://panel.example/d, http://panel.example/e',
      },
      { type: 'fatal', code: 'service unavailable', message: 'Too late: http://panel.example/b' },
      { type: 'fatal', code: 'service unavailable', message: 'Refused: http://panel.example/c' },
    ]);
  });
});

describe('a long value in an error', () => {
  const prefix = 'http://panel.example/';
  const nameOf = (path: string) => errorsOf([toFailed(path, 'Down')])[0]?.message.replace('Down: ', '');

  test('of 200 characters is named whole', () => {
    const path = 'x'.repeat(200 - prefix.length);
    expect(nameOf(path)).toBe(prefix + path);
  });

  test('of more is cut to 200 and an ellipsis', () => {
    expect(nameOf('x'.repeat(201 - prefix.length))).toBe(`${prefix}${'x'.repeat(200 - prefix.length)}…`);
  });

  test('is never cut within a surrogate pair', () => {
    const path = `${'x'.repeat(199 - prefix.length)}\u{1F600}yyy`;
    expect(nameOf(path)).toBe(`${prefix}${'x'.repeat(199 - prefix.length)}…`);
  });
});

describe('the text', () => {
  test('is laid out as JSON.stringify lays it out, and ends with a line break', () => {
    const documents = [toListedOutcome('a'), toListedOutcome('b', { firstListed: '2018-01-20' })];
    const failures = [toFailed('c'), toFailed('d', 'No', 'forbidden')];
    const texts = [
      textOf(documents),
      textOf(documents, 'deliberate'),
      textOf(documents.slice(1)),
      textOf(failures),
      textOf([...failures, ...documents]),
    ];
    expect(texts).toEqual(texts.map((text) => `${JSON.stringify(JSON.parse(text), null, 2)}\n`));
  });

  test('comes in pieces of one document each when there are many', () => {
    const outcomes = Array.from({ length: 101 }, (_, at) => toListedOutcome(String(at)));
    const builder = createEnvelopeBuilder('observe');
    for (const row of rowsOf(outcomes, 'observe')) builder.add(row);
    const pieces = [...writeEnvelope(builder.toEnvelope())];
    expect(pieces.filter((piece) => piece.includes('"disposition"')).map((piece) => piece.split('"disposition"').length)).toEqual(
      Array.from({ length: 202 }, () => 2),
    );
  });

  test.each([1, 100, 101])('is laid out as JSON.stringify lays it out, with %i documents', (length) => {
    const listed = Array.from({ length }, (_, at) => toListedOutcome(String(at)));
    for (const mode of ['observe', 'deliberate'] as const) {
      const rows = rowsOf(listed, mode);
      const verdicts = toDocs(rows.map(({ verdict }) => verdict));
      const data = mode === 'observe' ? { verdicts, judgements: toDocs(rows.map(({ judgement }) => judgement)) } : { verdicts };
      for (const failed of [[], [toFailed('x'), toFailed('y', 'Refused')]]) {
        const answer = failed.length === 0 ? { data } : { data, errors: errorsOf(failed) };
        expect(textOf([...listed, ...failed], mode)).toBe(`${JSON.stringify(answer, null, 2)}\n`);
      }
    }
  });

  test('holds nothing that a terminal obeys, and parses back to what was said', () => {
    const message = 'Malicious: \u009B31m\u202E\u007F';
    const text = textOf([toListedOutcome('\u200E', { message }), toFailed('\u2066x', 'Down')]);
    expect(text).toContain('"reason": "Malicious: \\u009b31m\\u202e\\u007f"');
    expect(text).toContain('"value": "http://panel.example/\\u200e"');
    expect(text).toContain('Down: http://panel.example/\\u2066x"');
    expect(text).not.toMatch(/[\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/);
    expect(JSON.parse(text)).toMatchObject({ data: { judgements: { docs: [{ reason: message }] } } });
  });
});
