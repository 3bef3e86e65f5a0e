/** What an answer says of an observable that was asked. */
export type Fate = 'listed' | 'unlisted' | 'failed';

/** The world between two changes. */
export interface Era {
  /** What the relay's clock shows, in epoch milliseconds. */
  readonly nowMs: number;
  readonly listed: ReadonlySet<string>;
  /** What the tracker says to lookups is no answer. */
  readonly isFaulty: boolean;
  /** Its front page is not there either. */
  readonly isDown: boolean;
  /** Lookups are not answered until that is over. */
  readonly isHeld: boolean;
  /** What is under way was told to end. */
  readonly isInterrupted: boolean;
}

/** A request about some lookup keys that is under way. */
export interface Asking {
  readonly keys: readonly string[];
  readonly bornAt: number;
  /** The era in which what may answer it was asked, by key: one that others wait for is shared, and older than it. */
  readonly askedAt: ReadonlyMap<string, number>;
  /** Answers that are remembered for certain. */
  readonly certain: ReadonlyMap<string, Kept>;
  /** Lookups that the tracker had seen of each key. */
  readonly askedBefore: ReadonlyMap<string, number>;
  /** Keys that an older request, still under way when it came, may look up. */
  readonly lookedUpByOlder: ReadonlySet<string>;
  /** No other request was under way when it came. */
  readonly cameAlone: boolean;
  /** Nor at any moment of it. */
  isAlone: boolean;
  mayMeetOpenBreaker: boolean;
}

/** An answer that the relay may remember, from a moment within these. */
export interface Kept {
  readonly fate: 'listed' | 'unlisted';
  readonly fromMs: number;
  readonly untilMs: number;
}
