import type { CctError } from '../errors.ts';
import { toCctError } from '../errors.ts';
import type { Finding, Question, SkipReason } from '../observables/observable.ts';
import type { Plan } from './plan.ts';
import type { Answer, LookupContext, Tracker } from './tracker.ts';

/** The outcome of one observable. `question` is what was, or would have been, looked up. */
export type Outcome = {
  readonly observable: Finding;
} & (
  | { readonly status: 'listed' | 'unlisted'; readonly question: Question; readonly answer: Answer }
  | { readonly status: 'skipped'; readonly skip: SkipReason; readonly detail: string }
  | { readonly status: 'failed'; readonly question: Question; readonly error: CctError }
);

/** What lookups of one call need. */
export interface Enquiry {
  readonly tracker: Tracker;
  readonly context: LookupContext;
}

/** A plan to look up, or an outcome to look up again. */
interface Asked {
  readonly observable: Finding;
  readonly question: Question;
}

/** Looks up a plan, or looks up an outcome again. Never throws or rejects. */
export function settle(planned: Plan | Asked, { tracker, context }: Enquiry): Outcome | Promise<Outcome> {
  const { observable } = planned;
  if ('skip' in planned) return { status: 'skipped', observable, skip: planned.skip, detail: planned.detail };
  const { question } = planned;
  if (context.signal.aborted) return toFailed(planned, context.signal.reason);
  try {
    const answer = tracker.lookup(question, context);
    if (!(answer instanceof Promise)) return { status: answer.status, observable, question, answer };
    return answer.then(
      (later): Outcome => ({ status: later.status, observable, question, answer: later }),
      (thrown: unknown) => toFailed(planned, thrown),
    );
  } catch (thrown) {
    return toFailed(planned, thrown);
  }
}

function toFailed({ observable, question }: Asked, thrown: unknown): Outcome {
  return { status: 'failed', observable, question, error: toCctError(thrown) };
}
