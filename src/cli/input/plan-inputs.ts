import { setTimeout as delay } from 'node:timers/promises';
import { PUBLIC_API_URL } from '../../config.ts';
import { toAmount } from '../../core/amount.ts';
import { toVisible } from '../../core/safe-text.ts';
import type { Plan, PlanRules } from '../../core/plan.ts';
import { createPlanner } from '../../core/plan.ts';
import type { ChosenSource } from '../../wiring/resolve-source.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';
import { createAllowance, isSent } from './allowance.ts';
import type { Allowance } from './allowance.ts';
import type { Inputs } from './read-inputs.ts';

export interface PlanningOptions {
  readonly rules: PlanRules;
  readonly source: ChosenSource;
}

/** The plans of one batch of input. */
export interface PlannedBatch {
  readonly plans: Iterable<Plan>;
  readonly isPrivate: boolean;
}

/**
 * Plans all inputs, as they arrive. More lookups at the public site than are allowed need `--yes`: in files, or in a stream that comes in
 * one go, none is made; any other stream ends with an `input` error after those that are allowed.
 */
export function planInputs(session: Session, inputs: Inputs, { rules, source }: PlanningOptions): AsyncIterable<Iterable<Plan>> {
  const batches = planBatches(inputs, rules);
  return isLimited(session, source) ? limitLookups(batches, { isStream: inputs.isStream }) : onlyPlans(batches);
}

/** Whether a run may make only so many lookups. */
export function isLimited({ config }: Session, source: ChosenSource): boolean {
  return source !== 'snapshot' && !config.yes && new URL(config.apiUrl).hostname === new URL(PUBLIC_API_URL).hostname;
}

async function* planBatches(inputs: Inputs, rules: PlanRules): AsyncGenerator<PlannedBatch, void> {
  const toPlans = createPlanner(rules);
  for await (const { findings, isPrivate } of inputs.batches()) yield { plans: toPlans(findings), isPrivate };
}

async function* onlyPlans(batches: AsyncIterable<PlannedBatch>): AsyncGenerator<Iterable<Plan>> {
  for await (const { plans } of batches) yield plans;
}

// Longer than a program takes to fill a pipe again, shorter than a person notices.
const PAUSE_MS = 200;
// A stream without pauses is not held back for ever.
const MAX_HOLD_MS = 1_000;

async function* limitLookups(
  batches: AsyncGenerator<PlannedBatch, void>,
  { isStream }: { readonly isStream: boolean },
): AsyncGenerator<Iterable<Plan>> {
  const allowance = createAllowance();
  const held: Plan[] = [];
  // From the first batch on: before it, the program itself may be what takes long.
  let holdUntilMs = Infinity;
  let next = batches.next();
  let isWhole = false;
  try {
    while (!isStream || performance.now() < holdUntilMs) {
      const mayPause = isStream && holdUntilMs !== Infinity;
      const arrived = await (mayPause ? Promise.race([next, delay(PAUSE_MS, undefined, { ref: false })]) : next);
      if (!mayPause) holdUntilMs = performance.now() + MAX_HOLD_MS;
      if (!arrived) break;
      isWhole = arrived.done === true;
      if (arrived.done) break;
      next = batches.next();
      for (const planned of arrived.value.plans) {
        allowance.add(planned, arrived.value.isPrivate);
        held.push(planned);
      }
    }
  } catch (thrown) {
    if (!allowance.isExceeded()) yield held;
    throw thrown;
  }
  if (allowance.isExceeded()) throw allowance.toError({ isWhole });
  yield held;
  for (let arrived = await next; !arrived.done; arrived = await batches.next()) {
    yield takeAllowed(arrived.value, allowance);
    if (allowance.isExceeded()) throw allowance.toError({ isWhole: false });
  }
}

/** The plans before the first that exceeds the allowance. */
export function takeAllowed({ plans, isPrivate }: PlannedBatch, allowance: Allowance): Plan[] {
  const allowed: Plan[] = [];
  for (const planned of plans) {
    allowance.add(planned, isPrivate);
    if (allowance.isExceeded()) break;
    allowed.push(planned);
  }
  return allowed;
}

/** `--dry-run`: prints the lookup keys that would be sent, each once, one per line. Resolves to the exit status. */
export async function printLookupKeys(session: Session, inputs: Inputs, { rules, source }: PlanningOptions): Promise<number> {
  const { stdout, talk } = session;
  const keys = new Set<string>();
  for await (const { plans } of planBatches(inputs, rules)) {
    let text = '';
    for (const planned of plans) {
      if (source === 'snapshot' || !isSent(planned) || keys.has(planned.question.key)) continue;
      keys.add(planned.question.key);
      text += `${toVisible(planned.question.key)}\n`;
    }
    if (!(await stdout.write(text))) return CLOSED_PIPE_STATUS;
  }
  talk.note(
    source === 'snapshot' ? 'nothing would be sent: the snapshot answers' : `${toAmount(keys.size, 'lookup')} would be sent`,
  );
  return 0;
}
