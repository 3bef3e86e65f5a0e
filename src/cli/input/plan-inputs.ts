import { setImmediate, setTimeout } from 'node:timers/promises';
import { PUBLIC_API_URL } from '../../config.ts';
import { formatCount, toAmount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import type { Observable } from '../../core/observable.ts';
import type { Plan, PlanRules } from '../../core/plan.ts';
import { createPlanner } from '../../core/plan.ts';
import type { Inputs } from './read-inputs.ts';
import type { ChosenSource } from '../../wiring/open-tracker.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';

export interface PlanningOptions {
  readonly rules: PlanRules;
  readonly source: ChosenSource;
}

const LOOKUPS_WITHOUT_YES = 1000;

/**
 * What is to be asked of all inputs, as they come. More lookups than 1,000 at the public site need `--yes`: that many in what was read
 * already, or comes in one go, are refused with `input` before the first is asked; in a stream they end it, after those before it.
 */
export function planAll(session: Session, inputs: Inputs, { rules, source }: PlanningOptions): AsyncIterable<Iterable<Plan>> {
  const plans = planBatches(inputs, rules);
  if (source === 'snapshot' || !needsYes(session)) return plans;
  const keys = keysOf(inputs.checked(), rules);
  if (keys.size > LOOKUPS_WITHOUT_YES) throw toTooMany(formatCount(keys.size));
  return inputs.total === undefined ? stopAtTooMany(plans) : plans;
}

function needsYes({ config }: Session): boolean {
  return !config.yes && new URL(config.apiUrl).hostname === new URL(PUBLIC_API_URL).hostname;
}

async function* planBatches(inputs: Inputs, rules: PlanRules): AsyncGenerator<Iterable<Plan>> {
  const toPlans = createPlanner(rules);
  for await (const batch of inputs.batches()) yield toPlans(batch);
}

// Time is counted in ticks of this program: where the machine stood still for a second, one tick went by, and what came meanwhile is read.
const TICK_MS = 10;
// 200 ms: longer than a program takes to fill a pipe again, and shorter than a person notices.
const PAUSE_TICKS = 20;
// A chunk goes from the pipe through the stream, the decoder and the lines, each of which may take a turn of the loop.
const TURNS_TO_READ = 10;
// One second: a stream without pauses is not held back for ever.
const HELD_AT_MOST_TICKS = 100;

/**
 * Ends a stream with an error before the one lookup that is too many. What comes without a pause is held back for a moment, so that a long
 * list in a pipe is seen to be one before any of it is asked.
 */
async function* stopAtTooMany(batches: AsyncGenerator<Iterable<Plan>>): AsyncGenerator<Iterable<Plan>> {
  const keys = new Set<string>();
  const held: Plan[] = [];
  let ticks = 0;
  const ticking = setInterval(() => (ticks += 1), TICK_MS).unref();
  let next = batches.next();
  let arrived: Awaited<typeof next> | undefined;
  let arrivals = 0;
  try {
    do {
      const arrivalsBefore = arrivals;
      arrived = await Promise.race([next, pause(() => arrivals > arrivalsBefore)]);
      arrivals += 1;
      if (arrived === undefined || arrived.done === true) break;
      next = batches.next();
      held.push(...takeAllowed(arrived.value, keys, Infinity));
    } while (ticks < HELD_AT_MOST_TICKS);
  } catch (thrown) {
    if (keys.size <= LOOKUPS_WITHOUT_YES) yield held;
    throw thrown;
  } finally {
    clearInterval(ticking);
  }
  if (keys.size > LOOKUPS_WITHOUT_YES)
    throw toTooMany(arrived?.done === true ? formatCount(keys.size) : `more than ${formatCount(keys.size - 1)}`);
  yield held;
  for (arrived = await next; arrived.done !== true; arrived = await batches.next()) {
    yield takeAllowed(arrived.value, keys, LOOKUPS_WITHOUT_YES);
    if (keys.size > LOOKUPS_WITHOUT_YES) throw toTooMany(`more than ${formatCount(LOOKUPS_WITHOUT_YES)}`);
  }
}

/** A pause of the input, not of this program: what came while the machine was busy with others is read before it is over, and ends it. */
async function pause(hasEnded: () => boolean): Promise<undefined> {
  for (let ticks = 0; ticks < PAUSE_TICKS && !hasEnded(); ticks += 1) await setTimeout(TICK_MS, undefined, { ref: false });
  // These count for the loop, or it would sleep before them until something else comes.
  for (let turns = 0; turns < TURNS_TO_READ && !hasEnded(); turns += 1) await setImmediate();
}

/** The plans up to the first that would make more lookup keys than `most`; adds their keys. */
function takeAllowed(plans: Iterable<Plan>, keys: Set<string>, most: number): Plan[] {
  const allowed: Plan[] = [];
  for (const planned of plans) {
    if ('question' in planned) keys.add(planned.question.key);
    if (keys.size > most) break;
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

function keysOf(batches: Iterable<readonly Observable[]>, rules: PlanRules): Set<string> {
  const toPlans = createPlanner(rules);
  const keys = new Set<string>();
  for (const batch of batches) for (const planned of toPlans(batch)) if ('question' in planned) keys.add(planned.question.key);
  return keys;
}

/** `--dry-run`: the lookup keys that would be sent, each once, a line each. Resolves to the exit status. */
export async function printQuestions(session: Session, inputs: Inputs, { rules, source }: PlanningOptions): Promise<number> {
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
