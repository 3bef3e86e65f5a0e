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

/** How long a caller waits. Aborting `signal` with a `CctError` ends the lookup with that error. */
export interface LookupContext {
  readonly signal: AbortSignal;
  /** Milliseconds on the monotonic clock by which the whole call must be answered. Default: no deadline. */
  readonly deadlineAtMs?: number | undefined;
  /** Queued lookups of a higher priority are sent first, equal ones in the order of arrival. Default 0. */
  readonly priority?: number | undefined;
}

/** Something that answers lookups: the live site, a snapshot, or one wrapped in a cache or a fallback. */
export interface Tracker {
  /** Questions of equal identity have the same answer. The live site: the lookup key; a snapshot: type and key. */
  identify(question: Question): string;
  /**
   * Rejects with a `CctError` when there is no answer; a failure is never `unlisted`. A snapshot returns the answer itself: a million
   * promises would double the time of a run.
   */
  lookup(question: Question, context: LookupContext): Answer | Promise<Answer>;
  /** Resolves when the tracker is reachable, rejects with a `CctError` when it is not. */
  ping(context: LookupContext): Promise<void>;
  /** Closes connections and stores; resolves when pending writes have ended. */
  close(): void | Promise<void>;
}

/** `inner` with some of its methods replaced. */
export function wrapTracker(inner: Tracker, replaced: Partial<Tracker>): Tracker {
  return {
    identify: (question) => inner.identify(question),
    lookup: (question, context) => inner.lookup(question, context),
    ping: (context) => inner.ping(context),
    close: () => inner.close(),
    ...replaced,
  };
}
