import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/core/lookups/outcome.ts';
import { enrich } from '../../../src/core/lookups/enrich.ts';
import { CctError } from '../../../src/core/errors.ts';
import type { Plan } from '../../../src/core/lookups/plan.ts';
import type { Answer } from '../../../src/core/lookups/tracker.ts';
import { collect, toPlan } from './enrich-plans.ts';
import { createDeferred, createTracker, patient, toQuestion, toUrl, unlisted } from '../samples.ts';
import { idle } from '../../helpers/idle.ts';

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
    const outcomes = collect(enrich(batches, { tracker, context: patient, maxAhead: 3 }));
    await idle();
    // One more is read, and waits.
    expect(taken).toBe(4);
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

  /** Batches that count how often they were let go of; `ends` after the first. */
  function createBatches(ends: boolean) {
    const seen = { letGo: 0, given: 0 };
    const iterator: AsyncIterator<Iterable<Plan>> = {
      next: () => {
        seen.given += 1;
        return Promise.resolve(seen.given > 1 && ends ? { done: true, value: undefined } : { value: [toPlan('a')] });
      },
      return: () => {
        seen.letGo += 1;
        return Promise.resolve({ done: true, value: undefined });
      },
    };
    return { seen, iterator, batches: { [Symbol.asyncIterator]: () => iterator } };
  }

  test('that have ended are not let go of as well', async () => {
    const { seen, batches } = createBatches(true);
    expect(await collect(enrich(batches, { tracker: createTracker(() => unlisted), context: patient }))).toHaveLength(1);
    expect(seen).toEqual({ letGo: 0, given: 2 });
  });

  test('need no way to be let go of', async () => {
    const { seen, iterator, batches } = createBatches(false);
    delete iterator.return;
    for await (const outcomes of enrich(batches, { tracker: createTracker(() => unlisted), context: patient })) {
      expect(asked(outcomes)).toEqual([toUrl('a')]);
      break;
    }
    expect(seen.letGo).toBe(0);
  });
});

describe('aheadLimit', () => {
  test('counts no outcome that was given', async () => {
    const answers = ['0', '1', '2', '3', '4', '5'].map(() => createDeferred<Answer>());
    const tracker = createTracker(({ key }) => answers[Number(key.at(-1))]?.promise ?? unlisted);
    const outcomes = collect(enrich([answers.map((_, at) => toPlan(String(at)))], { tracker, context: patient, maxAhead: 4 }));
    await idle();
    answers[0]?.resolve(unlisted);
    await idle();
    expect(tracker.asked).toHaveLength(5);
    for (const { resolve } of answers) resolve(unlisted);
    expect(await outcomes).toHaveLength(6);
  });

  test('bounds the lookups begun, the oldest open one included', async () => {
    const first = createDeferred<Answer>();
    const tracker = createTracker(({ key }) => (key.endsWith('/0') ? first.promise : Promise.resolve(unlisted)));
    const plans = ['0', '1', '2', '3', '4', '5'].map(toPlan);
    const outcomes = collect(enrich([plans], { tracker, context: patient, maxAhead: 3 }));
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
    await collect(enrich([['0', '1', '2', '3'].map(toPlan)], { tracker, context: patient, maxAhead: 1 }));
    expect([openAtMost, tracker.asked.length]).toEqual([1, 4]);
  });
});
