import { CctError } from '../errors.ts';
import type { Enquiry, Outcome } from './outcome.ts';
import { settle } from './outcome.ts';
import type { Answer, AnswerConnection } from './tracker.ts';
import { isDoubtful } from './tracker.ts';

// After a surplus response each lookup has its own connection, so one more suffices. The second allows for responses already in transit.
const MAX_FURTHER_LOOKUPS = 2;

/**
 * Returns the outcomes in order, looking up doubtful answers again. With `isLast`, first waits long enough for a surplus response to
 * arrive. Never rejects.
 */
export async function confirm(
  outcomes: readonly Outcome[],
  enquiry: Enquiry,
  { isLast = false }: { readonly isLast?: boolean } = {},
): Promise<readonly Outcome[]> {
  let confirmed = outcomes;
  for (let lookups = 0; ; lookups += 1) {
    if (isLast) await Promise.all(reusedConnectionsOf(confirmed).map((connection) => connection.confirmed()));
    if (!confirmed.some(hasDoubtfulAnswer)) return confirmed;
    const isLimitReached = lookups === MAX_FURTHER_LOOKUPS;
    confirmed = await Promise.all(
      confirmed.map(async (outcome) => {
        if (!hasDoubtfulAnswer(outcome)) return outcome;
        return isLimitReached ? toMixedUp(outcome) : settle(outcome, enquiry);
      }),
    );
  }
}

// Bounds memory.
const MAX_HELD = 4_096;

/**
 * Holds back outcomes from the network, and all that follow them, until their connections confirm the answers. For output that becomes
 * visible only at the end. Holds at most 4,096.
 */
export async function* holdUntilConfirmed(
  batches: AsyncIterable<readonly Outcome[]>,
  enquiry: Enquiry,
): AsyncGenerator<readonly Outcome[]> {
  let held: Outcome[] = [];
  let failure: { readonly thrown: unknown } | undefined;
  try {
    for await (const outcomes of batches) {
      if (held.length === 0 && !outcomes.some(isOverNetwork)) {
        yield outcomes;
        continue;
      }
      held.push(...outcomes);
      if (held.length < MAX_HELD) continue;
      yield await confirm(held, enquiry);
      held = [];
    }
  } catch (thrown) {
    failure = { thrown };
  }
  yield await confirm(held, enquiry, { isLast: true });
  if (failure) throw failure.thrown;
}

type Answered = Extract<Outcome, { readonly answer: Answer }>;

function isOverNetwork(outcome: Outcome): boolean {
  return 'answer' in outcome && outcome.answer.connection !== undefined;
}

function hasDoubtfulAnswer(outcome: Outcome): outcome is Answered {
  return 'answer' in outcome && isDoubtful(outcome.answer);
}

function toMixedUp({ observable, question }: Answered): Outcome {
  const error = new CctError('unexpected-answer', 'The tracker sent responses that match no request');
  return { status: 'failed', observable, question, error };
}

/** The connections whose answers may belong to other lookups. */
function reusedConnectionsOf(outcomes: readonly Outcome[]): AnswerConnection[] {
  const connections = outcomes.map((outcome) => ('answer' in outcome ? outcome.answer.connection : undefined));
  return [...new Set(connections)].filter((connection) => connection?.isReused === true) as AnswerConnection[];
}
