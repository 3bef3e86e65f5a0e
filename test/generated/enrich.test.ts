import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { createDistinct } from '../../src/core/distinct.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { enrich } from '../../src/core/enrich.ts';
import { CctError } from '../../src/core/errors.ts';
import type { Observable } from '../../src/core/observable.ts';
import type { Plan } from '../../src/core/plan.ts';
import { createPlanner, plan } from '../../src/core/plan.ts';
import type { Answer, LookupContext, Tracker } from '../../src/core/tracker.ts';
import { createSharingTracker } from '../../src/tracker/sharing.ts';
import { collect, createTracker, toListed, unlisted } from '../core/samples.ts';
import { testProperty } from './cases.ts';
import { observable } from './observables.ts';

/** Some of them have one lookup key, some are skipped, some are the same. */
const known = fc.record(
  {
    type: fc.constantFrom('ip', 'IP', 'url', 'Url', 'domain'),
    value: fc.constantFrom(
      'panel.example/a',
      'http://panel.example/a',
      'https://panel.example/b',
      'panel.example/b',
      '192.0.2.1',
      '10.0.0.8',
      'x',
      ' ',
    ),
  },
  { noNullPrototype: true },
);
const observables = fc.array(fc.oneof({ weight: 3, arbitrary: known }, observable), { maxLength: 5 });
const batches = fc.array(observables, { maxLength: 3 });

const down = new CctError('unavailable', 'Down');
/** What the tracker says of a key, or does: a failure of ours, one of somebody else, and an answer. */
const fate = fc.constantFrom<Answer | Error>(unlisted, unlisted, toListed(), down, new TypeError('oops'));
const fates = fc.array(fate, { minLength: 1, maxLength: 5 });

/** The fate of a key: the same each time. */
function fateOf(key: string, all: readonly (Answer | Error)[]): Answer | Error {
  const sum = Buffer.from(key).reduce((total, byte) => total + byte, 0);
  return all[sum % all.length] ?? down;
}

/** What must come out, as `status type value`. */
function toExpected(given: readonly Observable[], all: readonly (Answer | Error)[]): string[] {
  return plan(given, { includePrivate: false }).map((planned) => {
    const { type, value } = planned.observable;
    if ('skip' in planned) return `skipped ${type} ${value}`;
    const met = fateOf(planned.question.key, all);
    return `${met instanceof Error ? 'failed' : met.status} ${type} ${value}`;
  });
}

const toTold = (outcomes: readonly Outcome[]) =>
  outcomes.map(({ status, observable: { type, value } }) => `${status} ${type} ${value}`);

/** Distinct observables by hand, in the order of their first place. */
const toDistinct = (given: readonly Observable[]) => [
  ...new Map(given.map(({ type, value }) => [`${type.toLowerCase()} ${value}`, `${type.toLowerCase()} ${value}`])).keys(),
];

const context = (): LookupContext => ({ signal: new AbortController().signal });

async function* arriving(s: fc.Scheduler, plans: readonly Iterable<Plan>[]): AsyncGenerator<Iterable<Plan>> {
  for (const some of plans) {
    await s.schedule(Promise.resolve());
    yield some;
  }
}

describe('a batch', () => {
  testProperty(
    'has an outcome for each distinct observable, in their order, and asks each key once, in whatever order answers arrive',
    fc.asyncProperty(fc.scheduler(), batches, fates, fc.integer({ min: 1, max: 8 }), async (s, given, all, maxAhead) => {
      const tracker = createTracker(async ({ key }) => {
        await s.schedule(Promise.resolve());
        const met = fateOf(key, all);
        if (met instanceof Error) throw met;
        return met;
      });
      // As the program puts them together for a batch.
      const asked = createSharingTracker(tracker, { maxKept: 1_000 });
      const toPlans = createPlanner({ includePrivate: false });
      const plans = arriving(s, given.map(toPlans));
      const run = collect(enrich(plans, { tracker: asked, context: context(), maxAhead }));
      const outcomes = (await s.waitFor(run)).flat();
      expect(outcomes.map(({ observable: { type, value } }) => `${type} ${value}`)).toEqual(toDistinct(given.flat()));
      expect(toTold(outcomes)).toEqual(toExpected(given.flat(), all));
      expect(new Set(tracker.asked).size).toBe(tracker.asked.length);
    }),
  );

  testProperty(
    'is the same where some answers are at hand and some trackers throw',
    fc.asyncProperty(fc.scheduler(), observables, fates, fc.integer({ min: 1, max: 8 }), async (s, given, all, maxAhead) => {
      const lookup: Tracker['lookup'] = ({ key }) => {
        const met = fateOf(key, all);
        if (key.length % 2 === 0) return s.schedule(met instanceof Error ? Promise.reject(met) : Promise.resolve(met));
        if (met instanceof Error) throw met;
        return met;
      };
      const plans = plan(given, { includePrivate: false });
      const run = collect(enrich([plans], { tracker: createTracker(lookup), context: context(), maxAhead }));
      expect(toTold((await s.waitFor(run)).flat())).toEqual(toExpected(given, all));
    }),
  );

  testProperty(
    'that is ended fails what was not answered, and answers nothing wrongly',
    fc.asyncProperty(fc.scheduler(), observables, fates, fc.nat(6), fc.boolean(), async (s, given, all, endsAfter, isBare) => {
      const controller = new AbortController();
      const reason = new CctError('deadline', 'Too late');
      let begun = 0;
      let begunTooLate = 0;
      const tracker = createTracker(async ({ key }) => {
        if (controller.signal.aborted) begunTooLate += 1;
        if (++begun > endsAfter) controller.abort(reason);
        await s.schedule(Promise.resolve());
        const met = fateOf(key, all);
        if (met instanceof Error) throw met;
        return met;
      });
      const asked = isBare ? tracker : createSharingTracker(tracker, { maxKept: 1_000 });
      const plans = plan(given, { includePrivate: false });
      const outcomes = (
        await s.waitFor(collect(enrich([plans], { tracker: asked, context: { signal: controller.signal } })))
      ).flat();
      const expected = toExpected(given, all);
      const told = toTold(outcomes);
      expect(told.map((line) => line.replace(/^\S+ /, ''))).toEqual(expected.map((line) => line.replace(/^\S+ /, '')));
      const changed = outcomes.filter((_outcome, at) => told[at] !== expected[at]);
      expect(changed.map((outcome) => outcome.status === 'failed' && outcome.error)).toEqual(changed.map(() => reason));
      expect(begunTooLate).toBe(0);
    }),
  );
});

testProperty(
  'the first of equal observables is told from the others',
  fc.property(fc.array(fc.oneof(known, observable)), (given) => {
    const distinct = createDistinct();
    const seen = new Set<string>();
    for (const one of given) {
      const isNew = !seen.has(JSON.stringify(one));
      seen.add(JSON.stringify(one));
      expect(distinct.add(one)).toBe(isNew);
    }
  }),
);
