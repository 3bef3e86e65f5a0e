import { createDistinct } from './distinct.ts';
import type { Observable, Question, SkipReason, TriageRules } from './observable.ts';
import { toCanonical, triage } from './observable.ts';

/** What is to be asked, after the same observable twice has become one and the house rules were applied. */
export type Plan =
  | { readonly observable: Observable; readonly question: Question }
  | { readonly observable: Observable; readonly skip: SkipReason; readonly detail: string };

/** What is asked at all. */
export interface PlanRules extends TriageRules {
  /** Asks also about what should not leave the house. */
  readonly includePrivate: boolean;
}

/** Turns observables into plans, each when it is asked for; remembers those it has seen. */
export type Planner = (observables: Iterable<Observable>) => Iterable<Plan>;

/** A planner that has seen nothing yet. */
export function createPlanner(rules: PlanRules): Planner {
  const distinct = createDistinct();
  return function* planAll(observables) {
    for (const given of observables) {
      const observable = toCanonical(given);
      if (distinct.add(observable)) yield toPlan(observable, rules);
    }
  };
}

/** Distinct observables in input order, each with its question or the reason why it is skipped. */
export function plan(observables: Iterable<Observable>, rules: PlanRules): Plan[] {
  return [...createPlanner(rules)(observables)];
}

function toPlan(observable: Observable, rules: PlanRules): Plan {
  const decision = triage(observable, rules);
  if (decision.question && (decision.skip === null || rules.includePrivate)) return { observable, question: decision.question };
  return { observable, skip: decision.skip, detail: decision.detail };
}
