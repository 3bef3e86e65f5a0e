import type { CctError } from './errors.ts';
import type { Question } from './observable.ts';

/** Where an answer came from. */
export type Source = 'live' | 'cache' | 'snapshot';

/** How a snapshot entry matched. Of several entries it names the newest. */
export interface ListMatch {
  /** `url`: host, port, path and query are the same; `host`: the entry is on that host; `address`: it is, or resolved to, that address. */
  readonly by: 'url' | 'host' | 'address';
  /** `host[:port][/path][?query]` as listed, or the address when the entry has no URL. */
  readonly entry: string;
  /** `YYYY-MM-DD`, when known. */
  readonly date?: string;
  /** How many entries have that address; only with `by` `address`. */
  readonly shared?: number;
  /** What the evidence comes from, also for a live listing. */
  readonly from: 'snapshot';
}

/** Entries on the host or address of an observable that is not listed itself. Of several, `newest` and `entry` are of the newest. */
export interface Related {
  readonly by: 'host' | 'address';
  /** How many. */
  readonly entries: number;
  /** `YYYY-MM-DD`; null where unknown. */
  readonly newest: string | null;
  readonly entry: string;
}

/** The newest entry that would have listed an observable, but is too old. */
export interface OlderEntry {
  /** `YYYY-MM-DD`; null where unknown. */
  readonly date: string | null;
  readonly entry: string;
}

/** The tracker's positive answer. `message` is its text, without control characters. */
export interface Listing {
  readonly status: 'listed';
  readonly message: string;
  /** The tracker's TYPE column, free text; '' for none. */
  readonly family: string;
  /** `YYYY-MM-DD`, when known. */
  readonly firstListed?: string;
  /** The entries of a list that say so. */
  readonly matched?: ListMatch;
}

/** The tracker's negative answer, with what a list knows of it. */
export interface Unlisted {
  readonly status: 'unlisted';
  readonly related?: Related;
  readonly older?: OlderEntry;
}

/** The connection of an answer. A response that matches no request makes all answers of its connection doubtful. */
export interface AnswerConnection {
  /** False from the first response that matches no request. */
  readonly isTrusted: boolean;
  /** Whether it had several requests, so that answers can be swapped. */
  readonly isReused: boolean;
  /**
   * Whether its answers belong to their requests: it stayed silent after the last one, or was closed after its only one. Resolves within
   * a second of its last answer.
   */
  confirmed(): Promise<boolean>;
}

/** A tracker's answer, its source and moment. `warning` says why it comes from another source than the first. */
export type Answer = (Listing | Unlisted) & {
  readonly source: Source;
  readonly answeredAt: Date;
  readonly warning?: CctError;
  /** For answers over the network, while they are in memory. */
  readonly connection?: AnswerConnection;
};

/** Whether an answer may belong to another lookup, so that it must be looked up again. */
export function isDoubtful({ connection }: Pick<Answer, 'connection'>): boolean {
  return connection?.isTrusted === false;
}

/** One that makes several lookups. Those of the caller with the fewest open ones are sent first, of equal ones those with the earliest deadline. */
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
  /** Whose lookup it is. Default: a caller with this lookup alone. */
  readonly caller?: Caller | undefined;
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
  /** The date of the list that it has opened, `YYYY-MM-DD`; undefined for none. */
  listDate?(): string | undefined;
  /** Closes connections and stores; resolves when pending writes have ended. */
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
