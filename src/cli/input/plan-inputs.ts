import { setTimeout as delay } from 'node:timers/promises';
import { PUBLIC_API_URL } from '../../config.ts';
import { formatCount, toAmount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import type { Plan, PlanRules } from '../../core/plan.ts';
import { createPlanner } from '../../core/plan.ts';
import type { ChosenSource } from '../../wiring/resolve-source.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';
import type { Inputs } from './read-inputs.ts';

export interface PlanningOptions {
  readonly rules: PlanRules;
  readonly source: ChosenSource;
}

const MAX_LOOKUPS_WITHOUT_YES = 1000;

/**
 * Plans all inputs, as they arrive. More than 1,000 lookups at the public site need `--yes`: in files, or in a stream that comes in one go,
 * none is made; any other stream ends with an `input` error after the first 1,000.
 */
export function planInputs(session: Session, inputs: Inputs, { rules, source }: PlanningOptions): AsyncIterable<Iterable<Plan>> {
  const plans = planBatches(inputs, rules);
  const isLimited = source !== 'snapshot' && needsYes(session);
  return isLimited ? limitLookups(plans, { isStream: inputs.total === undefined }) : plans;
}

function needsYes({ config }: Session): boolean {
  return !config.yes && new URL(config.apiUrl).hostname === new URL(PUBLIC_API_URL).hostname;
}

async function* planBatches(inputs: Inputs, rules: PlanRules): AsyncGenerator<Iterable<Plan>, void> {
  const toPlans = createPlanner(rules);
  for await (const batch of inputs.batches()) yield toPlans(batch);
}

// Longer than a program takes to fill a pipe again, shorter than a person notices.
const PAUSE_MS = 200;
// A stream without pauses is not held back for ever.
const MAX_HOLD_MS = 1_000;

async function* limitLookups(
  batches: AsyncGenerator<Iterable<Plan>, void>,
  { isStream }: { readonly isStream: boolean },
): AsyncGenerator<Iterable<Plan>> {
  const keys = new Set<string>();
  const held: Plan[] = [];
  const holdUntilMs = performance.now() + MAX_HOLD_MS;
  let next = batches.next();
  let isWhole = false;
  try {
    while (!isStream || performance.now() < holdUntilMs) {
      const arrived = await (isStream ? Promise.race([next, delay(PAUSE_MS, undefined, { ref: false })]) : next);
      if (!arrived) break;
      isWhole = arrived.done === true;
      if (arrived.done) break;
      next = batches.next();
      for (const planned of takeAllowed(arrived.value, keys, Infinity)) held.push(planned);
    }
  } catch (thrown) {
    if (keys.size <= MAX_LOOKUPS_WITHOUT_YES) yield held;
    throw thrown;
  }
  if (keys.size > MAX_LOOKUPS_WITHOUT_YES) {
    throw toTooMany(isWhole ? formatCount(keys.size) : `more than ${formatCount(keys.size - 1)}`);
  }
  yield held;
  for (let arrived = await next; !arrived.done; arrived = await batches.next()) {
    yield takeAllowed(arrived.value, keys, MAX_LOOKUPS_WITHOUT_YES);
    if (keys.size > MAX_LOOKUPS_WITHOUT_YES) throw toTooMany(`more than ${formatCount(MAX_LOOKUPS_WITHOUT_YES)}`);
  }
}

/** The plans before the first that would make more than `maxKeys` lookup keys; adds their keys. */
function takeAllowed(plans: Iterable<Plan>, keys: Set<string>, maxKeys: number): Plan[] {
  const allowed: Plan[] = [];
  for (const planned of plans) {
    if ('question' in planned) keys.add(planned.question.key);
    if (keys.size > maxKeys) break;
    allowed.push(planned);
  }
  return allowed;
}

function toTooMany(howMany: string): CctError {
  return new CctError(
    'input',
    `${howMany} lookups would overload the site. Use a snapshot (cct snapshot update, then --offline), or pass --yes`,
  );
}

/** `--dry-run`: prints the lookup keys that would be sent, each once, one per line. Resolves to the exit status. */
export async function printLookupKeys(session: Session, inputs: Inputs, { rules, source }: PlanningOptions): Promise<number> {
  const { stdout, talk } = session;
  const keys = new Set<string>();
  for await (const plans of planBatches(inputs, rules)) {
    let text = '';
    for (const planned of plans) {
      if (source === 'snapshot' || !('question' in planned) || keys.has(planned.question.key)) continue;
      keys.add(planned.question.key);
      text += `${planned.question.key}\n`;
    }
    if (!(await stdout.write(text))) return CLOSED_PIPE_STATUS;
  }
  talk.note(
    source === 'snapshot' ? 'nothing would be sent: the snapshot answers' : `${toAmount(keys.size, 'lookup')} would be sent`,
  );
  return 0;
}
