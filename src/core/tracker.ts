import type { CctError } from './errors.ts';
import type { Question } from './observable.ts';

/** Where an answer came from. */
export type Source = 'live' | 'cache' | 'snapshot';

/** How a listing came about, where that can be told: the entry of a list that matched, and what of it. */
export interface ListMatch {
  /** `url`: host, port, path and query are the same; `host`: the entry is on that host; `address`: it is, or resolved to, that address. */
  readonly by: 'url' | 'host' | 'address';
  /** `host[:port][/path][?query]` as listed, or the address where the list names no more. */
  readonly entry: string;
  /** The day of the entry, `YYYY-MM-DD`, where known. */
  readonly date?: string;
}

/** The tracker's positive answer. `message` is its own words, cleaned of control characters. */
export interface Listing {
  readonly status: 'listed';
  readonly message: string;
  /** The tracker's TYPE column, free text; '' where it names none. */
  readonly family: string;
  /** `YYYY-MM-DD`, where known. */
  readonly firstListed?: string;
  /** Only a list can tell; the live site does not say. */
  readonly matched?: ListMatch;
}

/** The tracker's negative answer: it knows the question and does not list it. */
export interface Unlisted {
  readonly status: 'unlisted';
}

/** The connection that an answer came over. A response that belongs to no request makes all answers of its connection doubtful. */
export interface AnswerConnection {
  /** Whether no response arrived that belongs to no request. Never true again after it was false. */
  readonly isTrusted: boolean;
  /** Whether it carried more than one answer, so that one can have taken the place of another. */
  readonly isReused: boolean;
  /**
   * Whether its answers belong to their questions: true when it was silent behind the last one, or closed behind its only one; false when
   * a response arrived that belongs to no request, or it was closed too soon to tell. Resolves within a second of its last answer.
   */
  confirmed(): Promise<boolean>;
}

/**
 * What a tracker said, where it came from, and when it said so. `warning` is what must be told with it: why it did not come from where it
 * was asked first.
 */
export type Answer = (Listing | Unlisted) & {
  readonly source: Source;
  readonly answeredAt: Date;
  readonly warning?: CctError;
  /** Set while the answer is in memory, where it came over the network. */
  readonly connection?: AnswerConnection;
};

/** Whether an answer may belong to another question, and has to be looked up again. */
export function isDoubtful({ connection }: Pick<Answer, 'connection'>): boolean {
  return connection?.isTrusted === false;
}

/** How long a caller is willing to wait. Aborting `signal` with a `CctError` ends the lookup with that error. */
export interface LookupContext {
  readonly signal: AbortSignal;
  /** Epoch milliseconds by which the whole call must be answered; a wait that cannot end before is not begun. */
  readonly deadlineAtMs?: number | undefined;
  /**
   * Whether the call is over, where that can be told without making `signal`, which costs more than an answer that is at hand. Default:
   * whether `signal` has aborted.
   */
  readonly isOver?: (() => boolean) | undefined;
  /** Calls back with the reason when the call ends, and gives the way to take that back. Default: by `signal`. */
  readonly onOver?: ((callback: (reason: unknown) => void) => () => void) | undefined;
  /**
   * Where places in flight are few: gives that of this lookup away while `pause` runs, and resolves when the turn of the lookup comes
   * again. Rejects as `pause` does, and with the reason of the end. Default: the lookup keeps its place.
   */
  readonly giveWay?: ((pause: () => Promise<void>) => Promise<void>) | undefined;
}

/** Calls back with the reason when the call ends; to be taken back with what it gives, as soon as nobody needs to know any more. */
export function onOver(context: LookupContext, callback: (reason: unknown) => void): () => void {
  if (context.onOver) return context.onOver(callback);
  const { signal } = context;
  const listener = () => callback(signal.reason);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}

/** Whether nobody waits for an answer any more. */
export function isOver(context: LookupContext): boolean {
  return context.isOver ? context.isOver() : context.signal.aborted;
}

/** Something that answers lookups: the live site, a snapshot, or one wrapped in a cache or a fallback. */
export interface Tracker {
  /**
   * Two questions with the same identity have the same answer, so one of them is enough: for the live site the lookup
   * key, for a snapshot, where an `ip` matches otherwise than a `url`, type and key.
   */
  identify(question: Question): string;
  /**
   * An answer that is at hand is given as it is, all others as a promise: a million answers from memory cost no million turns, and need no
   * signal. Never throws; rejects with a `CctError` when there is no answer. A failure is never `unlisted`.
   */
  lookup(question: Question, context: LookupContext): Answer | Promise<Answer>;
  /** Resolves when the tracker is there, rejects with a `CctError` when it is not. */
  ping(context: LookupContext): Promise<void>;
  /** Lets go of connections, and of what it keeps; to be waited for, since an answer may still be on its way to a store. */
  close(): void | Promise<void>;
}
