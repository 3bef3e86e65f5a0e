import type { CctError } from '../errors.ts';
import type { Question } from '../observables/observable.ts';

/** Where an answer came from. */
export type Source = 'live' | 'cache' | 'snapshot';

/** How a snapshot entry matched. If several did, `entry` is the newest. */
export interface ListMatch {
  /** `url`: host, port, path and query are the same; `host`: the entry is on that host; `address`: it is, or resolved to, that address. */
  readonly by: 'url' | 'host' | 'address';
  /** `host[:port][/path][?query]` as listed, or the address when the entry has no URL. */
  readonly entry: string;
  /** `YYYY-MM-DD`, when known. */
  readonly date?: string;
  /** The number of entries with that address; only if `by` is `address`. */
  readonly shared?: number;
  /** The source of the evidence, also for a live listing. */
  readonly from: 'snapshot';
}

/** Entries on the host or address of an observable that is not listed itself. `newest` and `entry` describe the newest of them. */
export interface Related {
  readonly by: 'host' | 'address';
  /** Their number. */
  readonly entries: number;
  /** `YYYY-MM-DD`; null if unknown. */
  readonly newest: string | null;
  readonly entry: string;
}

/** The newest entry that would have matched, but is too old. */
export interface OlderEntry {
  /** `YYYY-MM-DD`; null if unknown. */
  readonly date: string | null;
  readonly entry: string;
}

/** The tracker's positive answer. `message` is its text, without control characters. */
export interface Listing {
  readonly status: 'listed';
  readonly message: string;
  /** The tracker's TYPE column, free text; may be ''. */
  readonly family: string;
  /** `YYYY-MM-DD`, when known. */
  readonly firstListed?: string;
  /** The entries of a list that matched. */
  readonly matched?: ListMatch;
}

/** The tracker's negative answer, with related or older entries of a list. */
export interface Unlisted {
  readonly status: 'unlisted';
  readonly related?: Related;
  readonly older?: OlderEntry;
}

/** The connection that an answer came over. A response that matches no request makes all answers of its connection doubtful. */
export interface AnswerConnection {
  /** False from the first response that matches no request. */
  readonly isTrusted: boolean;
  /** Whether it carried several requests, so that answers may be swapped. */
  readonly isReused: boolean;
  /**
   * Whether its answers belong to their requests: nothing followed the last answer, or it was closed after its only one. Resolves within
   * a second of its last answer.
   */
  confirmed(): Promise<boolean>;
}

/** A tracker's answer, its source and time. `warning` explains why it is not from the preferred source. */
export type Answer = (Listing | Unlisted) & {
  readonly source: Source;
  readonly answeredAt: Date;
  readonly warning?: CctError;
  /** For answers from the network, while they are in memory. */
  readonly connection?: AnswerConnection;
};

/** Whether an answer may belong to another lookup, so that it must be looked up again. */
export function isDoubtful({ connection }: Pick<Answer, 'connection'>): boolean {
  return connection?.isTrusted === false;
}

/** A caller of lookups. The caller with the fewest open lookups goes first, then the one with the earliest deadline. */
export interface Caller {
  openLookups: number;
  readonly deadlineAtMs: number;
}

/** Whether the lookups of one caller are sent before those of another. */
export function goesBefore(one: Caller, other: Caller): boolean {
  if (one.openLookups !== other.openLookups) return one.openLookups < other.openLookups;
  return one.deadlineAtMs < other.deadlineAtMs;
}

/** How long a caller waits. Aborting `signal` with a `CctError` ends the lookup with that error. */
export interface LookupContext {
  readonly signal: AbortSignal;
  /** Milliseconds on the monotonic clock by which the whole call must be answered. Default: no deadline. */
  readonly deadlineAtMs?: number | undefined;
  /** Default: a caller with only this lookup. */
  readonly caller?: Caller | undefined;
}

/** Something that answers lookups: the live site, a snapshot, or one wrapped in a cache or a fallback. */
export interface Tracker {
  /** Identifies a question: equal identities have the same answer. Live site: the lookup key; snapshot: type and key. */
  identify(question: Question): string;
  /**
   * Rejects with a `CctError` if there is no answer; a failure is never `unlisted`. A snapshot returns the answer directly, because
   * promises would double the time of a large run.
   */
  lookup(question: Question, context: LookupContext): Answer | Promise<Answer>;
  /** Resolves if the tracker is reachable, else rejects with a `CctError`. */
  ping(context: LookupContext): Promise<void>;
  /** The date of the opened list, `YYYY-MM-DD`, if any. */
  listDate?(): string | undefined;
  /** Closes connections and stores; resolves after pending writes. */
  close(): void | Promise<void>;
}

/** `inner` with some of its methods replaced. */
export function wrapTracker(inner: Tracker, replaced: Partial<Tracker>): Tracker {
  return {
    identify: (question) => inner.identify(question),
    lookup: (question, context) => inner.lookup(question, context),
    ping: (context) => inner.ping(context),
    listDate: () => inner.listDate?.(),
    close: () => inner.close(),
    ...replaced,
  };
}
