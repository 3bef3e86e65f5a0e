import type { Readable, Writable } from 'node:stream';
import type { World } from '../wiring/setup.ts';

/** A stream that may be a terminal. */
export type MaybeTerminal<Stream> = Stream & { readonly isTTY?: boolean; readonly columns?: number };

/** The signals that end a run early, after it has printed the answers that are ready. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The process, as the program uses it. Tests pass their own. */
export interface Io extends World {
  /** The arguments after the program's name. */
  readonly args: readonly string[];
  readonly stdin: MaybeTerminal<Readable>;
  readonly stdout: MaybeTerminal<Writable>;
  readonly stderr: MaybeTerminal<Writable>;
  /** Calls back at the first such signal; a second one ends the program at once. */
  onStopSignal(callback: (signal: StopSignal) => void): void;
  /** Ends the program after `waitMs` by the signal that stopped it, if it has not ended by then. */
  endWithin(waitMs: number): void;
}
