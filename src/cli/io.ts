import type { Readable, Writable } from 'node:stream';
import type { World } from '../wiring/setup.ts';

/** A stream that may be a terminal. */
export type MaybeTerminal<Stream> = Stream & { readonly isTTY?: boolean; readonly columns?: number };

/** The signals that end a run early, after what is ready was printed. */
export type StopSignal = 'SIGINT' | 'SIGTERM';

/** All that the program knows of the world outside. Tests hand in their own. */
export interface Io extends World {
  /** The arguments after the program's name. */
  readonly args: readonly string[];
  readonly stdin: MaybeTerminal<Readable>;
  readonly stdout: MaybeTerminal<Writable>;
  readonly stderr: MaybeTerminal<Writable>;
  /** Calls back at the first such signal; another one is left to the system, and ends the program at once. */
  onStopSignal(callback: (signal: StopSignal) => void): void;
  /** Ends the program so much later, by the signal that stopped it, if it has not ended by then, whatever is still to be written. */
  endWithin(waitMs: number): void;
}
