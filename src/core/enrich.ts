import type { CctError } from './errors.ts';
import { toCctError } from './errors.ts';
import type { Observable, Question, SkipReason } from './observable.ts';
import { identityOf, toCanonical, triage } from './observable.ts';
import type { Answer, LookupContext, Tracker } from './tracker.ts';
import { isOver } from './tracker.ts';

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

/** What is to be asked, after the same observable twice has become one and the house rules were applied. */
export type Plan =
  | { readonly observable: Observable; readonly question: Question }
  | { readonly observable: Observable; readonly skip: SkipReason; readonly detail: string };

/** Distinct observables in input order, each with its question or the reason why it is skipped. */
export function* plan(observables: Iterable<Observable>, { includePrivate }: { includePrivate: boolean }): Generator<Plan> {
  const seen = new Set<string>();
  for (const given of observables) {
    const observable = toCanonical(given);
    const identity = identityOf(observable);
    if (seen.has(identity)) continue;
    seen.add(identity);
    const decision = triage(observable);
    if (decision.question && (decision.skip === null || includePrivate)) yield { observable, question: decision.question };
    else yield { observable, skip: decision.skip, detail: decision.detail };
  }
}

export interface EnrichOptions {
  readonly tracker: Tracker;
  readonly context: LookupContext;
  /** How many outcomes may wait for an earlier one that is still open; bounds memory. Default 4,096. */
  readonly aheadLimit?: number;
}

/**
 * Asks all at once and yields outcomes in order. How many lookups are really in flight is the tracker's business. Never
 * throws for a lookup: a failure is an outcome, and costs no other observable its answer.
 */
export async function* enrich(
  plans: Iterable<Plan>,
  { tracker, context, aheadLimit = 4096 }: EnrichOptions,
): AsyncGenerator<Outcome> {
  const answers = new Map<string, Answer | Promise<Answer>>();
  const ask = (question: Question): Answer | Promise<Answer> => {
    if (isOver(context)) return Promise.reject(toCctError(context.signal.reason));
    const identity = tracker.identify(question);
    let answer = answers.get(identity);
    if (!answer) {
      answer = tracker.lookup(question, context);
      answers.set(identity, answer);
    }
    return answer;
  };
  const pending: (Outcome | Promise<Outcome>)[] = [];
  for (const planned of plans) {
    const outcome = settle(planned, ask);
    if (pending.length === 0 && !(outcome instanceof Promise)) {
      yield outcome;
      continue;
    }
    pending.push(outcome);
    if (pending.length < aheadLimit) continue;
    const first = pending.shift();
    if (first) yield await first;
  }
  for (const outcome of pending) yield await outcome;
}

function settle(planned: Plan, ask: (question: Question) => Answer | Promise<Answer>): Outcome | Promise<Outcome> {
  const { observable } = planned;
  if ('skip' in planned) return { status: 'skipped', observable, skip: planned.skip, detail: planned.detail };
  const { question } = planned;
  const toAnswered = (answer: Answer): Outcome => ({ status: answer.status, observable, question, answer });
  const toFailed = (thrown: unknown): Outcome => ({ status: 'failed', observable, question, error: toCctError(thrown) });
  try {
    const answer = ask(question);
    return answer instanceof Promise ? answer.then(toAnswered, toFailed) : toAnswered(answer);
  } catch (thrown) {
    // No tracker throws, unless by a bug, which must not cost the other observables their answers.
    return toFailed(thrown);
  }
}
