import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { createDistinct } from '../../src/core/observables/distinct.ts';
import type { Outcome } from '../../src/core/lookups/outcome.ts';
import { enrich } from '../../src/core/lookups/enrich.ts';
import { CctError } from '../../src/core/errors.ts';
import type { Observable } from '../../src/core/observables/observable.ts';
import type { Plan } from '../../src/core/lookups/plan.ts';
import { createPlanner, plan } from '../../src/core/lookups/plan.ts';
import type { Answer, LookupContext, Tracker } from '../../src/core/lookups/tracker.ts';
import { createSharingTracker } from '../../src/tracker/sharing.ts';
import { collect, createTracker, toListed, unlisted } from '../core/samples.ts';
import { testProperty } from './cases.ts';
import { observable } from './observables.ts';

/** Some share a lookup key, some are skipped, some are equal. */
const known = fc.record(
  {
    type: fc.constantFrom('ip', 'IP', 'url', 'Url', 'domain'),
    value: fc.constantFrom(
      ...[
        'panel.example/a',
        'http://panel.example/a',
        'https://panel.example/b',
        'panel.example/b',
        '192.0.2.1',
        '10.0.0.8',
        'x',
        ' ',
      ],
    ),
  },
  { noNullPrototype: true },
);
const observables = fc.array(fc.oneof({ weight: 3, arbitrary: known }, observable), { maxLength: 5 });
const batches = fc.array(observables, { maxLength: 3 });

const down = new CctError('unavailable', 'Down');
/** The tracker's answer for a key, a failure of ours, or one of somebody else. */
const fate = fc.constantFrom<Answer | Error>(unlisted, unlisted, toListed(), down, new TypeError('oops'));
const fates = fc.array(fate, { minLength: 1, maxLength: 5 });

/** The fate of a key, the same each time. */
function fateOf(key: string, all: readonly (Answer | Error)[]): Answer | Error {
  const sum = Buffer.from(key).reduce((total, byte) => total + byte, 0);
  return all[sum % all.length] ?? down;
}

/** Answers with the fate of a key, or throws it. */
function meet(key: string, all: readonly (Answer | Error)[]): Answer {
  const met = fateOf(key, all);
  if (met instanceof Error) throw met;
  return met;
}

/** The expected outcomes, as `status type value`. */
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

/** Distinct observables, in their order. */
const toDistinct = (given: readonly Observable[]) => [
  ...new Set(given.map(({ type, value }) => `${type.toLowerCase()} ${value}`)),
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
    'has an outcome for each distinct observable, in order, and looks each key up once, in whatever order answers arrive',
    [fc.scheduler(), batches, fates, fc.integer({ min: 1, max: 8 })],
    async (s, given, all, maxAhead) => {
      const tracker = createTracker(async ({ key }) => {
        await s.schedule(Promise.resolve());
        return meet(key, all);
      });
      // As in the program.
      const shared = createSharingTracker(tracker, { maxKept: 1_000 });
      const toPlans = createPlanner({ includePrivate: false });
      const plans = arriving(s, given.map(toPlans));
      const run = collect(enrich(plans, { tracker: shared, context: context(), maxAhead }));
      const outcomes = (await s.waitFor(run)).flat();
      expect(outcomes.map(({ observable: { type, value } }) => `${type} ${value}`)).toEqual(toDistinct(given.flat()));
      expect(toTold(outcomes)).toEqual(toExpected(given.flat(), all));
      expect(new Set(tracker.asked).size).toBe(tracker.asked.length);
    },
  );

  testProperty(
    'is the same where some answers come at once and some trackers throw',
    [fc.scheduler(), observables, fates, fc.integer({ min: 1, max: 8 })],
    async (s, given, all, maxAhead) => {
      const lookup: Tracker['lookup'] = ({ key }) => {
        if (key.length % 2 === 0) return s.schedule(Promise.resolve()).then(() => meet(key, all));
        return meet(key, all);
      };
      const plans = plan(given, { includePrivate: false });
      const run = collect(enrich([plans], { tracker: createTracker(lookup), context: context(), maxAhead }));
      expect(toTold((await s.waitFor(run)).flat())).toEqual(toExpected(given, all));
    },
  );

  testProperty(
    'that is aborted fails what was not answered, and answers nothing wrongly',
    [fc.scheduler(), observables, fates, fc.nat(6), fc.boolean()],
    async (s, given, all, endsAfter, isBare) => {
      const controller = new AbortController();
      const reason = new CctError('deadline', 'Too late');
      let begun = 0;
      let begunTooLate = 0;
      const tracker = createTracker(async ({ key }) => {
        if (controller.signal.aborted) begunTooLate += 1;
        if (++begun > endsAfter) controller.abort(reason);
        await s.schedule(Promise.resolve());
        return meet(key, all);
      });
      const asked = isBare ? tracker : createSharingTracker(tracker, { maxKept: 1_000 });
      const plans = plan(given, { includePrivate: false });
      const run = collect(enrich([plans], { tracker: asked, context: { signal: controller.signal } }));
      const outcomes = (await s.waitFor(run)).flat();
      const expected = toExpected(given, all);
      const told = toTold(outcomes);
      const withoutStatus = (lines: readonly string[]) => lines.map((line) => line.replace(/^\S+ /, ''));
      expect(withoutStatus(told)).toEqual(withoutStatus(expected));
      const changed = outcomes.filter((_outcome, at) => told[at] !== expected[at]);
      expect(changed.map((outcome) => outcome.status === 'failed' && outcome.error)).toEqual(changed.map(() => reason));
      expect(begunTooLate).toBe(0);
    },
  );
});

testProperty('the first of equal observables is new, the others are not', [fc.array(fc.oneof(known, observable))], (given) => {
  const distinct = createDistinct();
  const seen = new Set<string>();
  for (const one of given) {
    const isNew = !seen.has(JSON.stringify(one));
    seen.add(JSON.stringify(one));
    expect(distinct.add(one)).toBe(isNew);
  }
});
