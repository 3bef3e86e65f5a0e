import type { Resolved } from '../config.ts';
import type { Writer } from '../files/writer.ts';
import type { Setup } from '../wiring/setup.ts';
import type { Io } from './io.ts';
import type { Talk } from './talk.ts';

/** What every command works with: the world, the settings, where to write, and the signal that ends the run early. */
export interface Session extends Setup {
  readonly io: Io;
  readonly givenBy: Resolved['givenBy'];
  readonly stdout: Writer;
  readonly talk: Talk;
  /** Aborts with an `interrupted` error on SIGINT and SIGTERM, and when nobody reads stdout any more. */
  readonly signal: AbortSignal;
  readonly colour: { readonly stdout: boolean; readonly stderr: boolean };
}

/** The exit status of a program whose reader went away, as a shell reports SIGPIPE. */
export const CLOSED_PIPE_STATUS = 141;
