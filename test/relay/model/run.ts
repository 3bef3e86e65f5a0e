import { waitUntil } from '../../helpers/serve.ts';
import type { Books } from './books.ts';
import { expectNoneLeft, readBooks } from './books.ts';
import type { Callers } from './callers.ts';
import { openCallers } from './callers.ts';
import type { Ending, Step } from './steps.ts';
import { SUBJECTS } from './steps.ts';
import type { World } from './world.ts';
import { openWorld } from './world.ts';

// So many requests wait at one time, at the most.
const MOST_WAITING = 12;
const GRACE_MS = { finish: 60_000, interrupt: 60_000, 'cut off': 5 } as const;

/** Runs the steps against a relay of their own, and ends it. Rejects at the first that goes against the model. */
export async function runSteps(steps: readonly Step[], ending: Ending): Promise<void> {
  const world = await openWorld();
  const callers = openCallers(world);
  try {
    for (const step of steps) {
      await take(step, world, callers);
      expectNoProblems(callers);
    }
    await end(ending, world, callers);
  } finally {
    callers.close();
    world.site.release();
    await world.close();
  }
  expectNoProblems(callers);
}

function expectNoProblems({ problems }: Callers): void {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

async function take(step: Step, world: World, callers: Callers): Promise<void> {
  const { site } = world;
  switch (step.does) {
    case 'nothing':
      return;
    case 'ask':
      if (world.model.underWay.size >= MOST_WAITING) await settle(world, callers);
      return callers.ask(step.slot, step, step.waits);
    case 'ask badly':
      return callers.askBadly(step.how);
    case 'leave':
      await callers.leave(step.slot, step.how);
      return expectNoneLeft(world);
    case 'leave early':
      return callers.leaveEarly(step, step.sent, step.how);
    case 'settle':
      return settle(world, callers);
    case 'jump':
      world.jump(step.byMs);
      return;
    case 'fault':
      site.fault(step.fault);
      break;
    case 'outage':
      site.takeDown();
      break;
    case 'recovery':
      site.recover();
      break;
    case 'hold':
      site.hold();
      break;
    case 'release':
      site.release();
      break;
    case 'list':
      for (const { key } of SUBJECTS.slice(step.subject, step.subject + 1)) site.toggle(key);
  }
  world.siteChanged();
}

async function settle(world: World, callers: Callers): Promise<void> {
  world.site.release();
  world.siteChanged();
  await callers.settle();
  compareBooks(await readBooks(world), world, callers);
}

/** What the relay counts against what was seen from outside; a caller who left may have been told of or not. */
function compareBooks(books: Books, { watch, log }: World, { problems, exchanges }: Callers): void {
  const told = log.requests.length + log.refusals.length;
  // The request that asks is told of after its own answer was written.
  if (books.answered + books.left !== told - 1)
    problems.push(`${told - 1} requests are logged, and counted: ${JSON.stringify(books)}`);
  if (books.requestsUnderWay !== 0 || books.lookups !== 0) problems.push(`something is under way: ${JSON.stringify(books)}`);
  if (log.requests.length > watch.accepted) problems.push(`${log.requests.length} requests are logged, ${watch.accepted} came`);
  const answered = exchanges.filter(({ state }) => state === 'answered').length;
  if (books.answered < answered) problems.push(`${answered} were answered, and counted: ${JSON.stringify(books)}`);
}

async function end(ending: Ending, world: World, callers: Callers): Promise<void> {
  const { problems, exchanges } = callers;
  const isAccepted = (exchange: (typeof exchanges)[number]) => callers.isAccepted(exchange);
  if (ending !== 'finish') world.interrupt();
  const acceptedBefore = new Set(exchanges.filter(isAccepted));
  world.stop(GRACE_MS[ending]);
  if (ending === 'finish') {
    world.site.release();
    world.siteChanged();
  }
  await callers.settle();
  await world.close();
  const recordsOf = (id: string) => world.log.requests.filter(({ requestId }) => requestId === id);
  // What was cut off in the middle is told of when its work has ended, which may be a turn of the loop later. Never is a problem below.
  const isAllTold = () => exchanges.every((exchange) => !isAccepted(exchange) || recordsOf(exchange.id).length > 0);
  await waitUntil(isAllTold).catch(() => undefined);
  for (const exchange of exchanges) {
    const { id, state, caller } = exchange;
    const records = recordsOf(id);
    if (records.length !== (isAccepted(exchange) ? 1 : 0)) problems.push(`${id} is logged ${records.length} times`);
    if (state === 'answered' && records.some(({ hasLeft }) => hasLeft))
      problems.push(`${id} was answered, and is logged as left`);
    if (state !== 'closed' || ending === 'cut off') continue;
    // What comes after the stop may find that its connection has been told to end (RFC 9112, section 9.6).
    const isLate = !acceptedBefore.has(exchange) && caller.isDismissed;
    if (isAccepted(exchange) && !isLate) problems.push(`${id} was accepted, and never answered`);
  }
  for (const { text, cause } of world.log.problems) problems.push(`${text}: ${String(cause)}`);
}
