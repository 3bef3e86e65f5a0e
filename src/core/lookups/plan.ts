import type { Distinct } from '../observables/distinct.ts';
import { createDistinct } from '../observables/distinct.ts';
import type { Finding, Question, SkipReason, TriageRules } from '../observables/observable.ts';
import { toCanonical, triage } from '../observables/observable.ts';

/** A distinct observable with its lookup, or with the reason for skipping it. */
export type Plan =
  | { readonly observable: Finding; readonly question: Question }
  | { readonly observable: Finding; readonly skip: SkipReason; readonly detail: string };

/** Rules of planning. */
export interface PlanRules extends TriageRules {
  /** Look up `private` and `credentials` too. */
  readonly includePrivate: boolean;
}

/** Plans observables lazily, omitting those that it has planned before. */
export type Planner = (findings: Iterable<Finding>) => Iterable<Plan>;

/** Creates a planner. */
export function createPlanner(rules: PlanRules): Planner {
  const distinct = createDistinct();
  return (findings) => planDistinct(findings, distinct, rules);
}

function* planDistinct(findings: Iterable<Finding>, distinct: Distinct, rules: PlanRules): Generator<Plan, void> {
  for (const given of findings) {
    const observable = toCanonical(given);
    if (distinct.add(observable)) yield toPlan(observable, rules);
  }
}

/** The plans of distinct observables, in input order. */
export function plan(findings: Iterable<Finding>, rules: PlanRules): Plan[] {
  return [...createPlanner(rules)(findings)];
}

function toPlan(observable: Finding, rules: PlanRules): Plan {
  const decision = triage(observable, rules);
  if (decision.question && (decision.skip === null || rules.includePrivate)) return { observable, question: decision.question };
  return { observable, skip: decision.skip, detail: decision.detail };
}
