import { describe, expect, test } from 'vitest';
import { confirm } from '../../../src/core/lookups/confirm.ts';
import { enrich } from '../../../src/core/lookups/enrich.ts';
import type { Outcome } from '../../../src/core/lookups/outcome.ts';
import { CctError } from '../../../src/core/errors.ts';
import type { Answer } from '../../../src/core/lookups/tracker.ts';
import { collect, toPlan } from './enrich-plans.ts';
import { createConnection, createTracker, patient, toListed, unlisted } from '../samples.ts';

/** The outcome of `unlisted` for a path, over a connection. */
function toOutcome(path: string, connection = createConnection()): Outcome {
  return { status: 'unlisted', ...toPlan(path), answer: { ...unlisted, connection } } as Outcome;
}

describe('outcomes that are about to be printed', () => {
  test('are the same where no answer is doubtful, and nothing is looked up', async () => {
    const tracker = createTracker(() => unlisted);
    const outcomes = [toOutcome('a'), toOutcome('b')];
    expect(await confirm(outcomes, { tracker, context: patient })).toBe(outcomes);
    expect(tracker.asked).toEqual([]);
  });

  test('are looked up again where their answer is doubtful, in their order', async () => {
    const connection = createConnection();
    connection.distrust();
    const tracker = createTracker(() => Promise.resolve(toListed()));
    const [first, last] = [toOutcome('a'), toOutcome('c')];
    const confirmed = await confirm([first, toOutcome('b', connection), last], { tracker, context: patient });
    expect(confirmed).toEqual([first, { status: 'listed', ...toPlan('b'), answer: toListed() }, last]);
    expect(tracker.asked).toEqual(['panel.example/b']);
  });

  test('are failed where each further answer is doubtful too', async () => {
    const connection = createConnection();
    connection.distrust();
    const tracker = createTracker(() => Promise.resolve({ ...unlisted, connection }));
    const [outcome] = await confirm([toOutcome('a', connection)], { tracker, context: patient });
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'unexpected-answer' } });
    expect(tracker.asked).toHaveLength(2);
  });

  test('are failed where the further lookup fails, or the call is over', async () => {
    const connection = createConnection();
    connection.distrust();
    const failure = new CctError('unavailable', 'down');
    const tracker = createTracker(() => Promise.reject(failure));
    expect(await confirm([toOutcome('a', connection)], { tracker, context: patient })).toMatchObject([
      { status: 'failed', error: failure },
    ]);
    const signal = AbortSignal.abort(new CctError('interrupted', 'stopped'));
    const [over] = await confirm([toOutcome('a', connection)], { tracker, context: { signal } }, { isLast: true });
    expect(over).toMatchObject({ status: 'failed', error: { code: 'interrupted' } });
  });

  test('wait at the end for each connection once', async () => {
    const connection = createConnection();
    const tracker = createTracker(() => unlisted);
    const outcomes = [toOutcome('a', connection), toOutcome('b', connection)];
    const confirmed = confirm(outcomes, { tracker, context: patient }, { isLast: true });
    connection.confirm();
    expect([await confirmed, connection.waits]).toEqual([outcomes, 1]);
  });

  test('are looked up again where their connection loses its trust at the end', async () => {
    const connection = createConnection();
    const tracker = createTracker(() => Promise.resolve(toListed()));
    const confirmed = confirm([toOutcome('a', connection)], { tracker, context: patient }, { isLast: true });
    connection.distrust();
    expect(await confirmed).toEqual([{ status: 'listed', ...toPlan('a'), answer: toListed() }]);
  });
});

test('enrich yields no doubtful answer', async () => {
  const connection = createConnection();
  const answers: Answer[] = [{ ...unlisted, connection }, toListed()];
  const tracker = createTracker(() => Promise.resolve(answers.shift() ?? unlisted));
  const outcomes = collect(enrich([[toPlan('a')]], { tracker, context: patient }));
  connection.distrust();
  expect(await outcomes).toEqual([{ status: 'listed', ...toPlan('a'), answer: toListed() }]);
});
