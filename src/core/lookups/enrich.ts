import { confirm } from './confirm.ts';
import type { Enquiry, Outcome } from './outcome.ts';
import { settle } from './outcome.ts';
import { OutcomeQueue } from './outcome-queue.ts';
import type { Plan } from './plan.ts';

/** Batches of plans. */
export type PlanBatches = Iterable<Iterable<Plan>> | AsyncIterable<Iterable<Plan>>;

export interface EnrichOptions extends Enquiry {
  /** Maximum number of outcomes that wait for an earlier one; bounds memory. Default 1,024. */
  readonly maxAhead?: number;
}

/**
 * Looks up plans and yields their outcomes in order, as many at a time as are ready. A failed lookup is an outcome. If the batches throw,
 * the error is rethrown after the outcomes of all earlier plans.
 */
export async function* enrich(
  batches: PlanBatches,
  { tracker, context, maxAhead = 1024 }: EnrichOptions,
): AsyncGenerator<readonly Outcome[]> {
  const enquiry = { tracker, context };
  const queue = new OutcomeQueue(maxAhead);
  const source = toAsync(batches);
  void lookUpAll(source, queue, enquiry);
  try {
    for (let known = await queue.take(); known; known = await queue.take()) yield await confirm(known, enquiry);
  } finally {
    queue.stop();
    // Not awaited: the source may be a terminal without input.
    void source.return().catch(() => undefined);
  }
}

/** Looks up plans as long as the queue has room for their outcomes. */
async function lookUpAll(source: AsyncIterable<Iterable<Plan>>, queue: OutcomeQueue, enquiry: Enquiry): Promise<void> {
  try {
    for await (const batch of source) {
      for (const planned of batch) {
        if (queue.isFull()) await queue.room();
        if (queue.isStopped) return;
        queue.add(settle(planned, enquiry));
      }
      queue.notify();
    }
    queue.end();
  } catch (thrown) {
    queue.end({ thrown });
  }
}

async function* toAsync(batches: PlanBatches): AsyncGenerator<Iterable<Plan>, void> {
  yield* batches;
}
