import type { Config, Resolved } from '../config.ts';
import type { Io } from './io.ts';
import type { Writer } from './output/writer.ts';
import type { Talk } from './talk.ts';

/** What a tracker and a relay are opened with, also where there is no command line: the world as far as they know it, and the settings. */
export interface Setup {
  readonly io: Pick<Io, 'env' | 'now' | 'memoryBytes' | 'random'>;
  readonly config: Config;
  readonly origins: Resolved['origins'];
  readonly version: string;
}

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
