import { setMaxListeners } from 'node:events';
import type { CctError } from '../core/errors.ts';
import { toCctError } from '../core/errors.ts';
import type { Question } from '../core/observable.ts';
import type { Answer, LookupContext, Tracker } from '../core/tracker.ts';
import { isOver, onOver } from '../core/tracker.ts';
import { SharedContext } from './shared-context.ts';
import type { Lane, Standing } from './fair-turns.ts';
import { createLane, createFairTurns } from './fair-turns.ts';

export interface SharedTrackerOptions {
  /** Lookups that the inner tracker is asked at one time, at the most. */
  readonly concurrency: number;
}

/** A tracker that many callers share, and how busy it is. */
export interface SharedTracker extends Tracker {
  lookup(question: Question, context: LookupContext): Promise<Answer>;
  /** Lookups that the inner tracker is asked now, those included that were given up and have not ended yet. */
  readonly inFlight: number;
  /** Lookups that wait for their turn, be it the first or, after a pause, another; one that several callers want counts once. */
  readonly waiting: number;
}

/** A lookup that is asked, or will be, for everyone who wants it. */
interface Entry extends Standing<Entry> {
  readonly identity: string;
  readonly question: Question;
  readonly waiters: Set<Waiter>;
  /** That of the inner lookup, which ends with it; undefined until that has begun. */
  begun: SharedContext | undefined;
  /** It is one of those in flight. */
  hasPlace: boolean;
  /** Ends its wait for another turn; undefined where it has none. */
  again: { readonly goOn: () => void; readonly giveUp: (error: CctError) => void } | undefined;
}

/** What one context has asked and is still without answer. */
interface Caller {
  readonly context: LookupContext;
  readonly waiters: Set<Waiter>;
  readonly lane: Lane<Entry>;
  stopListening: () => void;
}

/** One call of `lookup`. */
interface Waiter {
  readonly caller: Caller;
  readonly entry: Entry;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: CctError) => void;
}

/**
 * A tracker that many callers share. Callers that want the same (by `inner.identify`) at once share one lookup, and at most
 * `concurrency` of them are in flight. Whose turn it is goes round the callers, where a caller is one context object: a thousand
 * lookups of one caller do not keep a single one of another waiting. A lookup that waits is in the lane of each caller who wants it.
 * One that pauses between its attempts (`giveWay`) leaves its place to other callers, and then waits for its turn again; its own
 * caller begins no more than `concurrency` meanwhile.
 *
 * Each caller leaves by its own signal, at once and with its reason, also while it waits; the inner lookup is ended when the last one
 * has left, and one that nobody wants any more is never begun. The inner context's `deadlineAtMs` is the latest of those who wait,
 * as it is when it is read. Rejects as the inner tracker does; `ping` and `close` go straight to it.
 */
export function createSharedTracker(inner: Tracker, { concurrency }: SharedTrackerOptions): SharedTracker {
  /** Those that can be joined: neither ended nor given up. */
  const entries = new Map<string, Entry>();
  const callers = new Map<LookupContext, Caller>();
  const turns = createFairTurns<Entry>(concurrency);
  let inFlight = 0;
  let waiting = 0;

  const addCaller = (context: LookupContext): Caller => {
    // One signal may be in the contexts of many calls.
    if (!context.onOver) setMaxListeners(0, context.signal);
    const caller: Caller = { context, waiters: new Set(), lane: createLane(), stopListening: () => undefined };
    callers.set(context, caller);
    // The end may come while it is listened for, from a signal that has aborted already.
    caller.stopListening = onOver(context, (reason) => leave(caller, reason));
    return caller;
  };

  const dropCaller = (caller: Caller): void => {
    caller.stopListening();
    callers.delete(caller.context);
    turns.close(caller.lane);
  };

  const addEntry = (identity: string, question: Question): Entry => {
    const notBegun = { waitsTo: 'begin', begunBy: undefined, begun: undefined, hasPlace: false, again: undefined } as const;
    const entry: Entry = { identity, question, waiters: new Set(), ...notBegun };
    entries.set(identity, entry);
    waiting += 1;
    return entry;
  };

  const leave = (caller: Caller, reason: unknown): void => {
    const error = toCctError(reason);
    dropCaller(caller);
    for (const waiter of caller.waiters) {
      const { entry } = waiter;
      entry.waiters.delete(waiter);
      waiter.reject(error);
      if (entry.waiters.size === 0) abandon(entry, reason);
    }
  };

  const abandon = (entry: Entry, reason: unknown): void => {
    // Whoever wants the same from now on needs a lookup that is not about to end.
    entries.delete(entry.identity);
    if (entry.waitsTo) waiting -= 1;
    entry.waitsTo = undefined;
    entry.begun?.end(reason);
    entry.again?.giveUp(toCctError(reason));
  };

  const settle = (entry: Entry, tell: (waiter: Waiter) => void): void => {
    if (entries.get(entry.identity) === entry) entries.delete(entry.identity);
    for (const waiter of entry.waiters) {
      const { caller } = waiter;
      caller.waiters.delete(waiter);
      if (caller.waiters.size === 0) dropCaller(caller);
      tell(waiter);
    }
  };

  const begin = async (entry: Entry): Promise<void> => {
    entry.begun = new SharedContext(entry.waiters, giveWay(entry));
    try {
      const answer = await inner.lookup(entry.question, entry.begun);
      settle(entry, ({ resolve }) => resolve(answer));
    } catch (thrown) {
      const error = toCctError(thrown);
      settle(entry, ({ reject }) => reject(error));
    }
    leavePlace(entry);
    turns.end(entry);
    fill();
  };

  const leavePlace = (entry: Entry): void => {
    if (entry.hasPlace) inFlight -= 1;
    entry.hasPlace = false;
  };

  const giveWay = (entry: Entry) => async (pause: () => Promise<void>) => {
    leavePlace(entry);
    fill();
    await pause();
    if (entry.begun?.isOver()) throw toCctError(entry.begun.signal.reason);
    await new Promise<void>((goOn, giveUp) => {
      entry.again = { goOn, giveUp };
      entry.waitsTo = 'go on';
      waiting += 1;
      for (const { caller } of entry.waiters) turns.enter(caller.lane, entry);
      fill();
    });
  };

  const fill = (): void => {
    while (inFlight < concurrency) {
      const entry = turns.next();
      if (!entry) return;
      waiting -= 1;
      inFlight += 1;
      entry.hasPlace = true;
      if (entry.again) entry.again.goOn();
      else void begin(entry);
    }
  };

  return {
    get inFlight() {
      return inFlight;
    },
    get waiting() {
      return waiting;
    },
    identify: (question) => inner.identify(question),
    lookup(question, context) {
      if (isOver(context)) return Promise.reject(toCctError(context.signal.reason));
      const caller = callers.get(context) ?? addCaller(context);
      if (isOver(context)) return Promise.reject(toCctError(context.signal.reason));
      const identity = inner.identify(question);
      const entry = entries.get(identity) ?? addEntry(identity, question);
      return new Promise((resolve, reject) => {
        const waiter: Waiter = { caller, entry, resolve, reject };
        entry.waiters.add(waiter);
        caller.waiters.add(waiter);
        if (!entry.waitsTo) return;
        turns.enter(caller.lane, entry);
        fill();
      });
    },
    ping: (context) => inner.ping(context),
    close: () => inner.close(),
  };
}
