import { confirm } from './confirm.ts';
import type { Enquiry, Outcome } from './outcome.ts';
import { settle } from './outcome.ts';
import type { Plan } from './plan.ts';

/** Plans, some at a time. */
export type PlanBatches = Iterable<Iterable<Plan>> | AsyncIterable<Iterable<Plan>>;

export interface EnrichOptions extends Enquiry {
  /** Most outcomes that wait for an earlier one; bounds memory. Default 1,024. */
  readonly maxAhead?: number;
}

// Of a million outcomes few may exist at a time: V8 keeps what survives two collections, and memory doubles.
const MAX_READY = 128;

/**
 * Looks up plans and yields outcomes in their order, as many at a time as are known. A failed lookup is an outcome. An error of the
 * batches is thrown after the outcomes of the plans before it.
 */
export async function* enrich(
  batches: PlanBatches,
  { tracker, context, maxAhead = 1024 }: EnrichOptions,
): AsyncGenerator<readonly Outcome[]> {
  const slots: Slot[] = [];
  const change = createCondition();
  const source = toAsync(batches);
  let [isRead, isStopped] = [false, false];
  let failure: { readonly thrown: unknown } | undefined;

  const begin = (planned: Plan): void => {
    const outcome = settle(planned, { tracker, context });
    const slot: Slot = { outcome: outcome instanceof Promise ? undefined : outcome };
    slots.push(slot);
    if (!(outcome instanceof Promise)) return;
    void outcome.then((result) => {
      slot.outcome = result;
      change.notify();
    });
  };
  const isFull = () => slots.length >= maxAhead || (slots.length >= MAX_READY && slots[0]?.outcome !== undefined);
  const beginAll = async (): Promise<void> => {
    try {
      for await (const batch of source) {
        for (const planned of batch) {
          while (!isStopped && isFull()) {
            change.notify();
            await change.wait();
          }
          if (isStopped) return;
          begin(planned);
        }
        change.notify();
      }
    } catch (thrown) {
      failure = { thrown };
    } finally {
      isRead = true;
      change.notify();
    }
  };

  void beginAll();
  try {
    while (!isRead || slots.length > 0) {
      const ready = takeReady(slots);
      if (ready.length === 0) await change.wait();
      else {
        change.notify();
        yield await confirm(ready, { tracker, context });
      }
    }
    if (failure) throw failure.thrown;
  } finally {
    isStopped = true;
    change.notify();
    // Not awaited: the source may be a terminal without input.
    void source.return().catch(() => undefined);
  }
}

/** The place of one outcome, in order. */
interface Slot {
  outcome: Outcome | undefined;
}

function takeReady(slots: Slot[]): Outcome[] {
  const firstOpen = slots.findIndex(({ outcome }) => outcome === undefined);
  return slots.splice(0, firstOpen === -1 ? slots.length : firstOpen).map(({ outcome }) => outcome as Outcome);
}

/** Wakes all who wait. */
function createCondition() {
  let wakers: (() => void)[] = [];
  return {
    wait: () => new Promise<void>((resolve) => wakers.push(resolve)),
    notify(): void {
      const woken = wakers;
      wakers = [];
      for (const wake of woken) wake();
    },
  };
}

async function* toAsync(batches: PlanBatches): AsyncGenerator<Iterable<Plan>, void> {
  yield* batches;
}
