import { describe, expect, test } from 'vitest';
import { enrich } from '../../../src/core/lookups/enrich.ts';
import { CctError } from '../../../src/core/errors.ts';
import type { Observable } from '../../../src/core/observables/observable.ts';
import { plan } from '../../../src/core/lookups/plan.ts';
import type { Answer } from '../../../src/core/lookups/tracker.ts';
import { collect, toPlan } from './enrich-plans.ts';
import { createDeferred, createTracker, patient, toListed, toQuestion, toUrl, unlisted } from '../samples.ts';
import { idle } from '../../helpers/idle.ts';

const planAll = (observables: readonly Observable[]) => plan(observables, { includePrivate: false });

describe('enrich', () => {
  test('gives each observable its outcome, skipped ones without a lookup', async () => {
    const tracker = createTracker(({ key }) => Promise.resolve(key.endsWith('a') ? toListed() : unlisted));
    const domain = { type: 'domain', value: 'panel.example' };
    const outcomes = await collect(enrich([planAll([toUrl('a'), domain, toUrl('b')])], { tracker, context: patient }));
    expect(outcomes).toStrictEqual([
      { status: 'listed', ...toPlan('a'), answer: toListed() },
      { status: 'skipped', observable: domain, skip: 'unsupported', detail: 'domains need a list' },
      { status: 'unlisted', ...toPlan('b'), answer: unlisted },
    ]);
    expect(tracker.asked).toEqual(['panel.example/a', 'panel.example/b']);
  });

  test('hands on the question and the context', async () => {
    const seen: unknown[] = [];
    const tracker = createTracker((question, context) => {
      seen.push(question, context);
      return Promise.resolve(unlisted);
    });
    const context = { ...patient, deadlineAtMs: 5 };
    await collect(enrich([[toPlan('a')]], { tracker, context }));
    expect(seen).toEqual([toQuestion('a'), context]);
  });

  test('keeps the order of the plan when answers arrive in another', async () => {
    const answers = new Map(['a', 'b', 'c'].map((path) => [toQuestion(path).key, createDeferred<Answer>()]));
    const tracker = createTracker(({ key }) => answers.get(key)?.promise ?? Promise.reject(new Error(key)));
    const outcomes = collect(enrich([[toPlan('a'), toPlan('b'), toPlan('c')]], { tracker, context: patient }));
    for (const path of ['c', 'a', 'b']) {
      await idle();
      answers.get(toQuestion(path).key)?.resolve(path === 'b' ? toListed() : unlisted);
    }
    expect(await outcomes).toStrictEqual([
      { status: 'unlisted', ...toPlan('a'), answer: unlisted },
      { status: 'listed', ...toPlan('b'), answer: toListed() },
      { status: 'unlisted', ...toPlan('c'), answer: unlisted },
    ]);
  });

  test('yields an outcome as soon as it and all before it are known', async () => {
    const never = createDeferred<Answer>();
    const tracker = createTracker(({ key }) => (key.endsWith('b') ? never.promise : Promise.resolve(unlisted)));
    const outcomes = enrich([[toPlan('a'), toPlan('b')]], { tracker, context: patient });
    expect(await outcomes.next()).toEqual({ done: false, value: [{ status: 'unlisted', ...toPlan('a'), answer: unlisted }] });
  });
});

describe('a failure', () => {
  const down = new CctError('unavailable', 'Down');

  test('of one lookup costs no other its answer', async () => {
    const tracker = createTracker(({ key }) => (key.endsWith('b') ? Promise.reject(down) : Promise.resolve(unlisted)));
    const outcomes = await collect(enrich([[toPlan('a'), toPlan('b'), toPlan('c')]], { tracker, context: patient }));
    expect(outcomes).toStrictEqual([
      { status: 'unlisted', ...toPlan('a'), answer: unlisted },
      { status: 'failed', ...toPlan('b'), error: down },
      { status: 'unlisted', ...toPlan('c'), answer: unlisted },
    ]);
  });

  test('that is not ours becomes internal', async () => {
    const thrown = new TypeError('oops');
    const tracker = createTracker(({ key }) => {
      if (key.endsWith('a')) throw thrown;
      return Promise.reject(thrown);
    });
    const outcomes = await collect(enrich([[toPlan('a'), toPlan('b')]], { tracker, context: patient }));
    const error = new CctError('internal', 'This is a bug in cct: oops', { cause: thrown });
    expect(outcomes).toEqual([
      { status: 'failed', ...toPlan('a'), error },
      { status: 'failed', ...toPlan('b'), error },
    ]);
    expect(outcomes.map((outcome) => outcome.status === 'failed' && outcome.error.code)).toEqual(['internal', 'internal']);
  });

  test('of an aborted signal is its reason, and nothing more is asked', async () => {
    const controller = new AbortController();
    const reason = new CctError('deadline', 'Too late');
    const tracker = createTracker(() => {
      controller.abort(reason);
      return Promise.resolve(unlisted);
    });
    const plans = [toPlan('a'), toPlan('b'), toPlan('c')];
    const outcomes = await collect(enrich([plans], { tracker, context: { signal: controller.signal } }));
    expect(outcomes).toStrictEqual([
      { status: 'unlisted', ...toPlan('a'), answer: unlisted },
      { status: 'failed', ...toPlan('b'), error: reason },
      { status: 'failed', ...toPlan('c'), error: reason },
    ]);
    expect(tracker.asked).toEqual(['panel.example/a']);
  });
});
