import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/core/enrich.ts';
import { enrich, plan } from '../../src/core/enrich.ts';
import { CctError } from '../../src/core/errors.ts';
import type { Observable } from '../../src/core/observable.ts';
import type { Answer } from '../../src/core/tracker.ts';
import { collect, createDeferred, createTracker, patient, toListed, toQuestion, toUrl, unlisted } from './samples.ts';

const toPlan = (path: string): Plan => ({ observable: toUrl(path), question: toQuestion(path) });
const planAll = (observables: readonly Observable[], includePrivate = false) => [...plan(observables, { includePrivate })];

/** Lets everything run that waits for nothing but its turn. */
const idle = () => new Promise((resolve) => setImmediate(resolve));

describe('plan', () => {
  test('keeps the order and plans the same canonical observable once, at its first place', () => {
    const observables = [toUrl('b'), toUrl('a'), { type: 'URL', value: 'http://panel.example/b' }, toUrl('c'), toUrl('a')];
    expect(planAll(observables)).toStrictEqual([toPlan('b'), toPlan('a'), toPlan('c')]);
  });

  test('keeps observables apart that differ in type or in any byte of the value', () => {
    const observables = [
      { type: 'url', value: '192.0.2.1' },
      { type: 'ip', value: '192.0.2.1' },
      { type: 'ip', value: '192.0.2.1 ' },
      { type: 'url', value: 'http://192.0.2.1' },
      { type: 'domain', value: '192.0.2.1' },
    ];
    expect(planAll(observables).map(({ observable }) => observable)).toEqual(observables);
  });

  const unasked = [
    { type: 'ip', value: '10.0.0.8' },
    { type: 'url', value: 'http://user:secret@panel.example/' },
    { type: 'ip', value: 'x' },
    { type: 'domain', value: 'panel.example' },
  ];

  test('says why an observable is skipped', () => {
    expect(planAll(unasked)).toStrictEqual([
      { observable: unasked[0], skip: 'private', detail: 'a private address' },
      { observable: unasked[1], skip: 'credentials', detail: 'the URL carries a user or password' },
      { observable: unasked[2], skip: 'invalid', detail: 'not an IPv4 address' },
      { observable: unasked[3], skip: 'unsupported', detail: 'only ip and url are supported' },
    ]);
  });

  test('with includePrivate asks what has a lookup key, and only that', () => {
    expect(planAll(unasked, true)).toStrictEqual([
      { observable: unasked[0], question: { type: 'ip', key: '10.0.0.8' } },
      { observable: unasked[1], question: { type: 'url', key: 'user:secret@panel.example/' } },
      { observable: unasked[2], skip: 'invalid', detail: 'not an IPv4 address' },
      { observable: unasked[3], skip: 'unsupported', detail: 'only ip and url are supported' },
    ]);
  });

  test('of nothing is nothing', () => {
    expect(planAll([])).toEqual([]);
  });
});

describe('enrich', () => {
  test('gives each observable its outcome, skipped ones without a lookup', async () => {
    const tracker = createTracker(({ key }) => Promise.resolve(key.endsWith('a') ? toListed() : unlisted));
    const domain = { type: 'domain', value: 'panel.example' };
    const outcomes = await collect(enrich(planAll([toUrl('a'), domain, toUrl('b')]), { tracker, context: patient }));
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
    await collect(enrich([toPlan('a')], { tracker, context }));
    expect(seen[0]).toEqual(toQuestion('a'));
    expect(seen[1]).toBe(context);
  });

  test('keeps the order of the plan when answers arrive in another', async () => {
    const answers = new Map(['a', 'b', 'c'].map((path) => [toQuestion(path).key, createDeferred<Answer>()]));
    const tracker = createTracker(({ key }) => answers.get(key)?.promise ?? Promise.reject(new Error(key)));
    const outcomes = collect(enrich([toPlan('a'), toPlan('b'), toPlan('c')], { tracker, context: patient }));
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
    const outcomes = enrich([toPlan('a'), toPlan('b')], { tracker, context: patient });
    expect(await outcomes.next()).toEqual({ done: false, value: { status: 'unlisted', ...toPlan('a'), answer: unlisted } });
  });

  test('asks once for two observables with one lookup key, and answers both', async () => {
    const tracker = createTracker(() => Promise.resolve(toListed()));
    const observables = [toUrl('a'), { type: 'url', value: 'https://panel.example/a' }];
    const outcomes = await collect(enrich(planAll(observables), { tracker, context: patient }));
    expect(tracker.asked).toEqual(['panel.example/a']);
    expect(outcomes.map(({ status, observable }) => [status, observable])).toEqual([
      ['listed', observables[0]],
      ['listed', observables[1]],
    ]);
  });

  test('lets the tracker say which questions are the same', async () => {
    const both: Observable[] = [
      { type: 'ip', value: '192.0.2.1' },
      { type: 'url', value: '192.0.2.1' },
    ];
    const tracker = createTracker(() => Promise.resolve(unlisted));
    await collect(enrich(planAll(both), { tracker, context: patient }));
    const strict = { ...createTracker(() => Promise.resolve(unlisted)), identify: JSON.stringify };
    await collect(enrich(planAll(both), { tracker: strict, context: patient }));
    expect([tracker.asked, strict.asked]).toEqual([['192.0.2.1'], ['192.0.2.1', '192.0.2.1']]);
  });
});

describe('a failure', () => {
  const down = new CctError('unavailable', 'Down');

  test('of one lookup costs no other its answer', async () => {
    const tracker = createTracker(({ key }) => (key.endsWith('b') ? Promise.reject(down) : Promise.resolve(unlisted)));
    const outcomes = await collect(enrich([toPlan('a'), toPlan('b'), toPlan('c')], { tracker, context: patient }));
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
    const outcomes = await collect(enrich([toPlan('a'), toPlan('b')], { tracker, context: patient }));
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
    const outcomes = await collect(enrich(plans, { tracker, context: { signal: controller.signal } }));
    expect(outcomes).toStrictEqual([
      { status: 'unlisted', ...toPlan('a'), answer: unlisted },
      { status: 'failed', ...toPlan('b'), error: reason },
      { status: 'failed', ...toPlan('c'), error: reason },
    ]);
    expect(tracker.asked).toEqual(['panel.example/a']);
  });
});

describe('aheadLimit', () => {
  test('bounds the lookups begun, the oldest open one included', async () => {
    const first = createDeferred<Answer>();
    const tracker = createTracker(({ key }) => (key.endsWith('/0') ? first.promise : Promise.resolve(unlisted)));
    const plans = ['0', '1', '2', '3', '4', '5'].map(toPlan);
    const outcomes = collect(enrich(plans, { tracker, context: patient, aheadLimit: 3 }));
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
    await collect(enrich(['0', '1', '2', '3'].map(toPlan), { tracker, context: patient, aheadLimit: 1 }));
    expect([openAtMost, tracker.asked.length]).toEqual([1, 4]);
  });
});

describe('whatever goes in', () => {
  const value = fc.constantFrom(
    'panel.example/a',
    'http://panel.example/a',
    'panel.example/b',
    '192.0.2.1',
    '10.0.0.8',
    'x',
    ' ',
  );
  const observable = fc.record({ type: fc.constantFrom('ip', 'IP', 'url', 'Url', 'domain'), value });

  test('as many outcomes come out as distinct observables went in, in their order, in whatever order answers arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(observable),
        fc.integer({ min: 1, max: 5 }),
        async (s, observables, aheadLimit) => {
          const tracker = createTracker(({ key }) =>
            s.schedule(key.endsWith('b') ? Promise.reject(new CctError('unavailable', 'Down')) : Promise.resolve(unlisted)),
          );
          const plans = plan(observables, { includePrivate: false });
          const outcomes = await s.waitFor(collect(enrich(plans, { tracker, context: patient, aheadLimit })));
          const distinct = new Map(observables.map(({ type, value: text }) => [`${type.toLowerCase()} ${text}`, text]));
          const cameOut = outcomes.map((outcome) => [
            `${outcome.observable.type} ${outcome.observable.value}`,
            outcome.observable.value,
          ]);
          expect(cameOut).toEqual([...distinct]);
          expect(new Set(tracker.asked).size).toBe(tracker.asked.length);
        },
      ),
    );
  });
});
