import { formatCount, toAmount } from '../core/amount.ts';
import type { RelayError } from '../core/errors.ts';
import { CctError, toRelayError } from '../core/errors.ts';
import type { Plan } from '../core/lookups/plan.ts';

/** The plans that are answered, and a warning if some are left out. */
export interface LimitedPlans {
  readonly plans: readonly Plan[];
  readonly warnings: readonly RelayError[];
}

/** Limits plans to all of unsupported types and the first `maxObservables` of supported types. */
export function limitPlans(plans: readonly Plan[], maxObservables: number): LimitedPlans {
  let supported = 0;
  const kept = plans.filter((planned) => !isSupported(planned) || ++supported <= maxObservables);
  const left = plans.length - kept.length;
  if (left === 0) return { plans, warnings: [] };
  const message = `At most ${toAmount(maxObservables, 'observable')} can be answered in one request; the last ${formatCount(left)} got no answer: send another request`;
  return { plans: kept, warnings: [toRelayError(new CctError('too-many', message))] };
}

function isSupported(planned: Plan): boolean {
  return !('skip' in planned) || planned.skip !== 'unsupported';
}
