import type { Readable, Writable } from 'node:stream';
import type { World } from '../wiring/setup.ts';

/** A stream that may be a terminal. */
export type MaybeTerminal<Stream> = Stream & { readonly isTTY?: boolean; readonly columns?: number };

/** The signals that end a run early, after it has printed the answers that are ready. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The interface to the process. Tests pass their own. */
export interface Io extends World {
  /** The arguments that follow the program's name. */
  readonly args: readonly string[];
  readonly stdin: MaybeTerminal<Readable>;
  readonly stdout: MaybeTerminal<Writable>;
  readonly stderr: MaybeTerminal<Writable>;
  /** Calls back on the first stop signal. A second one ends the program immediately. */
  onStopSignal(callback: (signal: StopSignal) => void): void;
  /** Ends the program after `waitMs` with the signal that stopped it, if it is still running. */
  endWithin(waitMs: number): void;
}
