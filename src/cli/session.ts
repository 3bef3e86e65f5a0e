import type { FileSettings, FlagValues } from '../config.ts';
import type { BufferedWriter } from '../files/writer.ts';
import type { Setup } from '../wiring/setup.ts';
import type { Io } from './io.ts';
import type { Talk } from './talk.ts';

/** The environment of every command: the process, the settings, the outputs, and the signal that ends the run early. */
export interface Session extends Setup {
  readonly io: Io;
  /** The flags of the command line, for command-specific settings. */
  readonly flags: FlagValues;
  /** The settings file, for command-specific settings. */
  readonly file: FileSettings | undefined;
  /** Notes that a service logs when it starts. */
  readonly startNotes: readonly string[];
  readonly stdout: BufferedWriter;
  readonly talk: Talk;
  /** Aborts with an `interrupted` error on SIGINT, SIGTERM and SIGHUP, and when the output pipe is closed. */
  readonly signal: AbortSignal;
  readonly colour: { readonly stdout: boolean; readonly stderr: boolean };
}

/** The exit status if the output pipe is closed, as a shell reports SIGPIPE. */
export const CLOSED_PIPE_STATUS = 141;

/** Writes to stdout. Resolves to the exit status. */
export async function print({ stdout }: { readonly stdout: Pick<Session['stdout'], 'write'> }, text: string): Promise<number> {
  return (await stdout.write(text)) ? 0 : CLOSED_PIPE_STATUS;
}
