import type { Plan } from '../../core/lookups/plan.ts';
import { createPlanner } from '../../core/lookups/plan.ts';
import type { Session } from '../session.ts';
import { createAllowance } from './allowance.ts';
import type { PlanningOptions } from './plan-inputs.ts';
import { isLimited, takeAllowed } from './plan-inputs.ts';
import type { Inputs } from './read-inputs.ts';
import type { InputRecord } from './record-queue.ts';

/** Records, and the plans that must be looked up before they are printed. */
export interface PlannedRecords {
  readonly plans: readonly Plan[];
  readonly records: readonly InputRecord[];
}

/** Plans records as they arrive. Without `--yes`, throws `input` after the allowed lookups. */
export async function* planRecords(
  session: Session,
  inputs: Inputs,
  { rules, source }: PlanningOptions,
): AsyncGenerator<PlannedRecords> {
  const toPlans = createPlanner(rules);
  const allowance = isLimited(session, source) ? createAllowance() : undefined;
  for await (const { findings, records, isPrivate } of inputs.batches()) {
    const plans = toPlans(findings);
    if (!allowance) yield { plans: [...plans], records };
    else {
      const allowed = takeAllowed({ plans, isPrivate }, allowance);
      if (allowance.isExceeded()) throw allowance.toError({ isWhole: false });
      yield { plans: allowed, records };
    }
  }
}
