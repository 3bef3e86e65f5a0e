import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/core/enrich.ts';
import { askAll, enrich } from '../../src/core/enrich.ts';
import { CctError } from '../../src/core/errors.ts';
import type { Observable } from '../../src/core/observable.ts';
import type { Plan } from '../../src/core/plan.ts';
import { plan } from '../../src/core/plan.ts';
import type { Answer } from '../../src/core/tracker.ts';
import {
  collect as collectAll,
  createDeferred,
  createTracker,
  patient,
  toListed,
  toQuestion,
  toUrl,
  unlisted,
} from './samples.ts';

/** All outcomes, as one list. */
const collect = async (outcomes: AsyncIterable<readonly Outcome[]>) => (await collectAll(outcomes)).flat();

const toPlan = (path: string): Plan => ({ observable: toUrl(path), question: toQuestion(path) });
const planAll = (observables: readonly Observable[]) => plan(observables, { includePrivate: false });

/** Lets everything run that waits for nothing but its turn. */
const idle = () => new Promise((resolve) => setImmediate(resolve));

describe('enrich', () => {
  test('gives each observable its outcome, skipped ones without a lookup', async () => {
    const tracker = createTracker(({ key }) => Promise.resolve(key.endsWith('a') ? toListed() : unlisted));
    const domain = { type: 'domain', value: 'panel.example' };
    const outcomes = await collect(enrich([planAll([toUrl('a'), domain, toUrl('b')])], { tracker, context: patient }));
    expect(outcomes).toStrictEqual([
      { status: 'listed', ...toPlan('a'), answer: toListed() },
      { status: 'skipped', observable: domain, skip: 'unsupported', detail: 'only ip and url are supported' },
      { status: 'unlisted', ...toPlan('b'), answer: unlisted },
    ]);
    expect(tracker.asked).toEqual(['panel.example/a', 'panel.example/b']);
  });

  test('hands the question and the context on as they are', async () => {
    const seen: unknown[] = [];
    const tracker = createTracker((question, context) => {
      seen.push(question, context);
      return Promise.resolve(unlisted);
    });
    const context = { ...patient, deadlineAtMs: 5 };
    await collect(enrich([[toPlan('a')]], { tracker, context }));
    expect(seen[0]).toEqual(toQuestion('a'));
    expect(seen[1]).toBe(context);
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

describe('askAll', () => {
  test('gives outcomes in order, at hand where the answer is, and none that throws or rejects', async () => {
    const down = new CctError('unavailable', 'Down');
    const bug = new TypeError('oops');
    const tracker = createTracker(({ key }) => {
      if (key.endsWith('c')) throw bug;
      if (key.endsWith('d')) return Promise.reject(down);
      return key.endsWith('a') ? toListed() : Promise.resolve(unlisted);
    });
    const outcomes = askAll(['a', 'b', 'c', 'd'].map(toPlan), { tracker, context: patient });
    expect(outcomes.map((outcome) => outcome instanceof Promise)).toEqual([false, true, false, true]);
    expect(await Promise.all(outcomes.map(async (outcome) => outcome))).toMatchObject([
      { status: 'listed', ...toPlan('a') },
      { status: 'unlisted', ...toPlan('b') },
      { status: 'failed', ...toPlan('c'), error: { code: 'internal', cause: bug } },
      { status: 'failed', ...toPlan('d'), error: down },
    ]);
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

describe('batches', () => {
  const toBatches = async function* (...batches: readonly (readonly string[] | Error | Promise<readonly string[]>)[]) {
    for (const batch of batches) {
      if (batch instanceof Error) throw batch;
      yield (await batch).map(toPlan);
    }
  };
  const asked = (outcomes: readonly Outcome[]) => outcomes.map(({ observable }) => observable);

  test('are answered one after the other, empty ones too', async () => {
    const tracker = createTracker(() => Promise.resolve(unlisted));
    const outcomes = await collect(enrich(toBatches(['a', 'b'], [], ['c']), { tracker, context: patient }));
    expect(asked(outcomes)).toEqual(['a', 'b', 'c'].map(toUrl));
  });

  test.each(['at hand', 'waited for'])('need not be there for those before them to be given, which are %s', async (how) => {
    const later = createDeferred<readonly string[]>();
    const tracker = createTracker(() => (how === 'at hand' ? unlisted : Promise.resolve(unlisted)));
    const outcomes = enrich(toBatches(['a'], later.promise), { tracker, context: patient });
    expect(await outcomes.next()).toMatchObject({ value: [{ observable: toUrl('a') }] });
    later.resolve(['b']);
    expect(await outcomes.next()).toMatchObject({ value: [{ observable: toUrl('b') }] });
    expect(await outcomes.next()).toEqual({ done: true, value: undefined });
  });

  test('that end in an error throw it after all outcomes before it', async () => {
    const answer = createDeferred<Answer>();
    const tracker = createTracker(({ key }) => (key.endsWith('b') ? answer.promise : Promise.resolve(unlisted)));
    const broken = new CctError('input', 'line 3: broken');
    const given: Outcome[] = [];
    const run = (async () => {
      for await (const outcomes of enrich(toBatches(['a', 'b'], broken), { tracker, context: patient })) given.push(...outcomes);
    })();
    await idle();
    expect(asked(given)).toEqual([toUrl('a')]);
    answer.resolve(unlisted);
    await expect(run).rejects.toBe(broken);
    expect(asked(given)).toEqual([toUrl('a'), toUrl('b')]);
  });

  test('are not taken while too many outcomes wait', async () => {
    const first = createDeferred<Answer>();
    let taken = 0;
    const batches = (function* () {
      for (taken = 1; taken <= 10; taken += 1) yield [toPlan(String(taken))];
    })();
    const tracker = createTracker(({ key }) => (key.endsWith('/1') ? first.promise : Promise.resolve(unlisted)));
    const outcomes = collect(enrich(batches, { tracker, context: patient, aheadLimit: 3 }));
    await idle();
    expect(taken).toBe(3);
    first.resolve(unlisted);
    expect(await outcomes).toHaveLength(10);
  });

  test('are let go of when nobody wants more', async () => {
    let isLetGo = false;
    const batches = (async function* () {
      try {
        yield [toPlan('a')];
        yield [toPlan('b')];
      } finally {
        isLetGo = true;
        await Promise.resolve();
      }
    })();
    const tracker = createTracker(() => unlisted);
    for await (const outcomes of enrich(batches, { tracker, context: patient })) {
      expect(asked(outcomes)).toEqual([toUrl('a')]);
      break;
    }
    expect(isLetGo).toBe(true);
  });

  test('of answers at hand are given a few hundred at a time', async () => {
    const tracker = createTracker(() => unlisted);
    const plans = Array.from({ length: 1000 }, (_, at) => toPlan(String(at)));
    const given = await collectAll(enrich([plans], { tracker, context: patient }));
    expect(given.flat()).toHaveLength(1000);
    expect(Math.max(...given.map(({ length }) => length))).toBeLessThan(300);
  });
});

describe('aheadLimit', () => {
  test('bounds the lookups begun, the oldest open one included', async () => {
    const first = createDeferred<Answer>();
    const tracker = createTracker(({ key }) => (key.endsWith('/0') ? first.promise : Promise.resolve(unlisted)));
    const plans = ['0', '1', '2', '3', '4', '5'].map(toPlan);
    const outcomes = collect(enrich([plans], { tracker, context: patient, aheadLimit: 3 }));
    await idle();
    expect(tracker.asked).toEqual(['0', '1', '2'].map((path) => toQuestion(path).key));
    first.resolve(unlisted);
    expect((await outcomes).map(({ observable }) => observable)).toEqual(plans.map(({ observable }) => observable));
    expect(tracker.asked).toHaveLength(6);
  });

  test('of 1 asks one after the other', async () => {
    let open = 0;
    let openAtMost = 0;
    const tracker = createTracker(async () => {
      openAtMost = Math.max(openAtMost, ++open);
      await idle();
      open -= 1;
      return unlisted;
    });
    await collect(enrich([['0', '1', '2', '3'].map(toPlan)], { tracker, context: patient, aheadLimit: 1 }));
    expect([openAtMost, tracker.asked.length]).toEqual([1, 4]);
  });
});
