import { CctError, toCctError } from './errors.ts';
import type { Observable, Question, SkipReason } from './observable.ts';
import type { Plan } from './plan.ts';
import type { Answer, AnswerConnection, LookupContext, Tracker } from './tracker.ts';
import { isDoubtful, isOver } from './tracker.ts';

/** What became of one observable. `question` is what was, or would have been, asked. */
export type Outcome =
  | {
      readonly status: 'listed' | 'unlisted';
      readonly observable: Observable;
      readonly question: Question;
      readonly answer: Answer;
    }
  | { readonly status: 'skipped'; readonly observable: Observable; readonly skip: SkipReason; readonly detail: string }
  | { readonly status: 'failed'; readonly observable: Observable; readonly question: Question; readonly error: CctError };

/** Plans as they come, some at a time; at hand, or waited for. */
export type PlanBatches = Iterable<Iterable<Plan>> | AsyncIterable<Iterable<Plan>>;

export interface EnrichOptions {
  readonly tracker: Tracker;
  readonly context: LookupContext;
  /** Plans are taken while fewer outcomes than these wait for an earlier one that is still open; bounds memory. Default 4,096. */
  readonly aheadLimit?: number;
}

// Outcomes that are given together. Of a million that are at hand only so many stand in memory: few enough to be gone before the
// garbage collector takes them for ones that stay.
const YIELDED_AT_ONCE = 256;

/**
 * Asks about a few plans, all at once, and gives their outcomes in order, each at hand or to be waited for. Never throws or rejects, as
 * `enrich`, of which this is the half that needs no batches.
 */
export function askAll(
  plans: readonly Plan[],
  { tracker, context }: Pick<EnrichOptions, 'tracker' | 'context'>,
): (Outcome | Promise<Outcome>)[] {
  return plans.map((planned) => settle(planned, tracker, context));
}

// By then each question has a connection of its own, so one further lookup is enough, and a second one is for what was under way.
const MAX_LOOKUPS_AGAIN = 2;

/**
 * The same outcomes in the same order, where an answer is doubtful that of a further lookup, or its failure. To be called when they are
 * about to be printed. With `isLast` it first waits until a response that belongs to no request would have arrived. Never rejects.
 */
export async function confirm(
  outcomes: readonly Outcome[],
  { tracker, context, isLast = false }: Pick<EnrichOptions, 'tracker' | 'context'> & { readonly isLast?: boolean },
): Promise<readonly Outcome[]> {
  let confirmed = outcomes;
  for (let times = 0; ; times += 1) {
    if (isLast) await Promise.all(connectionsOf(confirmed).map((connection) => connection.confirmed()));
    if (!confirmed.some(hasDoubtfulAnswer)) return confirmed;
    const isGivenUp = times === MAX_LOOKUPS_AGAIN;
    confirmed = await Promise.all(
      confirmed.map(async (outcome) => {
        if (!hasDoubtfulAnswer(outcome)) return outcome;
        return isGivenUp ? toMixedUp(outcome) : settle(outcome, tracker, context);
      }),
    );
  }
}

type Answered = Extract<Outcome, { readonly answer: Answer }>;

function hasDoubtfulAnswer(outcome: Outcome): outcome is Answered {
  return 'answer' in outcome && isDoubtful(outcome.answer);
}

function toMixedUp({ observable, question }: Answered): Outcome {
  const error = new CctError('unexpected-answer', 'The tracker sent responses that match no request');
  return { status: 'failed', observable, question, error };
}

/** The connections over which an answer can have taken the place of another. */
function connectionsOf(outcomes: readonly Outcome[]): AnswerConnection[] {
  const connections = outcomes.map((outcome) => ('answer' in outcome ? outcome.answer.connection : undefined));
  return [...new Set(connections)].filter((connection) => connection?.isReused === true) as AnswerConnection[];
}

/** An outcome, or the place of one that is still open. */
interface Slot {
  outcome: Outcome | undefined;
}

/**
 * Asks about the plans and yields outcomes in order, as many at a time as are known; an answer never waits for the next batch. How many
 * lookups are really in flight is the tracker's business. Never throws for a lookup: a failure is an outcome, and costs no other
 * observable its answer. When the batches end in an error, it is thrown after all outcomes of the plans before it.
 */
export async function* enrich(
  batches: PlanBatches,
  { tracker, context, aheadLimit = 4096 }: EnrichOptions,
): AsyncGenerator<readonly Outcome[]> {
  let wake = (): void => undefined;
  const source = createSource(batches, () => wake());
  let slots: Slot[] = [];
  // Slots before it have left; they are cut off now and then, for each cut moves all the others.
  let head = 0;
  const ask = (planned: Plan): void => {
    const outcome = settle(planned, tracker, context);
    const slot: Slot = { outcome: outcome instanceof Promise ? undefined : outcome };
    slots.push(slot);
    if (!(outcome instanceof Promise)) return;
    void outcome.then((later) => {
      slot.outcome = later;
      if (slot === slots[head]) wake();
    });
  };
  const mayAsk = (): boolean => {
    const waiting = slots.length - head;
    return waiting < aheadLimit && (waiting < YIELDED_AT_ONCE || !slots[head]?.outcome);
  };
  const takeReady = (): Outcome[] => {
    const ready: Outcome[] = [];
    for (let outcome = slots[head]?.outcome; outcome; outcome = slots[head]?.outcome) {
      ready.push(outcome);
      head += 1;
    }
    if (head * 2 < slots.length) return ready;
    slots = slots.slice(head);
    head = 0;
    return ready;
  };
  try {
    for (;;) {
      let planned = mayAsk() ? source.next() : undefined;
      while (planned) {
        ask(planned);
        planned = mayAsk() ? source.next() : undefined;
      }
      const ready = takeReady();
      if (ready.length > 0) yield ready.some(hasDoubtfulAnswer) ? await confirm(ready, { tracker, context }) : ready;
      else if (source.isDone && slots.length === 0) break;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    source.throwFailure();
  } finally {
    source.close();
  }
}

/** The plans of all batches, one after the other. */
interface PlanSource {
  /** The next plan, if it is at hand; else the next batch is fetched. */
  next(): Plan | undefined;
  /** Whether there will be no more. */
  readonly isDone: boolean;
  /** Throws what the batches ended with, if that was an error. */
  throwFailure(): void;
  close(): void;
}

/** `onArrival` is called when something came that was waited for. */
function createSource(batches: PlanBatches, onArrival: () => void): PlanSource {
  const iterator = Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
  let batch: Iterator<Plan> = [][Symbol.iterator]();
  let state: 'ready' | 'fetching' | 'done' = 'ready';
  let failure: { readonly thrown: unknown } | undefined;
  const arrive = (result: IteratorResult<Iterable<Plan>>): void => {
    state = result.done === true ? 'done' : 'ready';
    if (result.done !== true) batch = result.value[Symbol.iterator]();
  };
  const fail = (thrown: unknown): void => {
    state = 'done';
    failure = { thrown };
  };
  const fetch = (): void => {
    const result = iterator.next();
    if (result instanceof Promise) {
      state = 'fetching';
      void result.then(arrive, fail).then(onArrival);
    } else arrive(result);
  };
  return {
    next() {
      let planned = batch.next();
      while (planned.done === true && state === 'ready') {
        fetch();
        planned = batch.next();
      }
      return planned.done === true ? undefined : planned.value;
    },
    get isDone() {
      return state === 'done';
    },
    throwFailure() {
      if (failure) throw failure.thrown;
    },
    close() {
      // Not waited for: what is read may be a terminal at which nobody types.
      if (state !== 'done') void Promise.resolve(iterator.return?.()).catch(() => undefined);
    },
  };
}

/** What is to be looked up, or why not: a plan, or an outcome that is looked up again. */
type Asked = Plan | Answered;

function settle(planned: Asked, tracker: Tracker, context: LookupContext): Outcome | Promise<Outcome> {
  const { observable } = planned;
  if ('skip' in planned) return { status: 'skipped', observable, skip: planned.skip, detail: planned.detail };
  const { question } = planned;
  const toFailed = (thrown: unknown): Outcome => ({ status: 'failed', observable, question, error: toCctError(thrown) });
  try {
    if (isOver(context)) return toFailed(context.signal.reason);
    const answer = tracker.lookup(question, context);
    if (!(answer instanceof Promise)) return { status: answer.status, observable, question, answer };
    return answer.then((later): Outcome => ({ status: later.status, observable, question, answer: later }), toFailed);
  } catch (thrown) {
    // No tracker throws, unless by a bug, which must not cost the other observables their answers.
    return toFailed(thrown);
  }
}
