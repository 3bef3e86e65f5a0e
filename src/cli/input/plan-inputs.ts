import { setTimeout as delay } from 'node:timers/promises';
import { PUBLIC_API_URL } from '../../config.ts';
import { toAmount } from '../../core/amount.ts';
import { toVisible } from '../../core/safe-text.ts';
import type { Plan, PlanRules } from '../../core/lookups/plan.ts';
import { createPlanner } from '../../core/lookups/plan.ts';
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
 * Plans all inputs as they arrive. More lookups at the public site than the allowance need `--yes`: without it, files and streams that arrive
 * without a pause are refused before the first lookup; any other stream ends with an `input` error after the allowed lookups.
 */
export function planInputs(session: Session, inputs: Inputs, { rules, source }: PlanningOptions): AsyncIterable<Iterable<Plan>> {
  const batches = planBatches(inputs, rules);
  return isLimited(session, source) ? limitLookups(batches, { isStream: inputs.isStream }) : onlyPlans(batches);
}

/** Whether the number of lookups of a run is limited. */
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

type NextBatch = Promise<IteratorResult<PlannedBatch, void>>;

async function* limitLookups(
  batches: AsyncGenerator<PlannedBatch, void>,
  { isStream }: { readonly isStream: boolean },
): AsyncGenerator<Iterable<Plan>> {
  const allowance = createAllowance();
  const held: Plan[] = [];
  const hold = ({ plans, isPrivate }: PlannedBatch): void => {
    for (const planned of plans) {
      allowance.add(planned, isPrivate);
      held.push(planned);
    }
  };
  let next: NextBatch | undefined;
  let isWhole = true;
  try {
    if (isStream) ({ next, isWhole } = await holdBurst(batches, hold));
    else for await (const batch of batches) hold(batch);
  } catch (thrown) {
    // Everything before the invalid part is looked up.
    if (!allowance.isExceeded()) yield held;
    throw thrown;
  }
  if (allowance.isExceeded()) throw allowance.toError({ isWhole });
  yield held;
  if (next) yield* passAllowed(next, batches, allowance);
}

// Longer than a program takes to fill a pipe again, shorter than a person notices.
const PAUSE_MS = 200;
// A stream without pauses is not held back forever.
const MAX_HOLD_MS = 1_000;

/** Holds the batches of a stream before its first pause. Resolves to the next batch; `isWhole` if there is none. */
async function holdBurst(
  batches: AsyncGenerator<PlannedBatch, void>,
  hold: (batch: PlannedBatch) => void,
): Promise<{ readonly next: NextBatch; readonly isWhole: boolean }> {
  let next = batches.next();
  // No time limit: the program that writes the stream may start slowly.
  let arrived: Awaited<NextBatch> | undefined = await next;
  const untilMs = performance.now() + MAX_HOLD_MS;
  while (arrived && !arrived.done) {
    next = batches.next();
    hold(arrived.value);
    const isOver = performance.now() >= untilMs;
    arrived = isOver ? undefined : await Promise.race([next, delay(PAUSE_MS, undefined, { ref: false })]);
  }
  // Awaited only after the lookups of the burst. Without this, Node would report a failure as unhandled.
  next.catch(() => undefined);
  return { next, isWhole: arrived !== undefined };
}

/** Passes on the plans that the allowance permits. Throws `input` afterwards if there are more. */
async function* passAllowed(
  next: NextBatch,
  batches: AsyncGenerator<PlannedBatch, void>,
  allowance: Allowance,
): AsyncGenerator<Iterable<Plan>> {
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

/** `--dry-run`: prints the distinct lookup keys that would be sent, one per line. Resolves to the exit status. */
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
