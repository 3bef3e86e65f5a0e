import { openOutputFile } from '../../files/output-file.ts';
import type { OutputFile, OutputFileOptions } from '../../files/output-file.ts';
import type { Session } from '../session.ts';

/** Where answers are written. A file is not visible before `commit`; a later `discard` does nothing. */
export interface Output extends OutputFile {
  /** Whether written text is visible immediately. */
  readonly isStreaming: boolean;
  /** Resolves when all text has left the process; to false if the pipe is closed. */
  flush(): Promise<boolean>;
}

// If opened as files, a socket would fail, and a file to which a shell appends would be replaced.
const STDOUT_NAMES = ['-', '/dev/stdout', '/dev/fd/1'];

/** Opens the file of `--output`, or stdout. Rejects with `output` if the file cannot be written. */
export async function openOutput(session: Session, options?: OutputFileOptions): Promise<Output> {
  const { config, stdout } = session;
  if (config.output === undefined || isStdout(config)) {
    const nothing = () => Promise.resolve();
    return {
      isStreaming: true,
      write: (text) => stdout.write(text),
      flush: () => stdout.flush(),
      commit: nothing,
      discard: nothing,
    };
  }
  return openFile(session, config.output, options);
}

/** Opens a file for writing. Rejects with `output` if it cannot be written. */
export async function openFile({ signal }: Session, path: string, options?: OutputFileOptions): Promise<Output> {
  const file = await openOutputFile(path, { ...options, signal });
  return { ...file, isStreaming: false, flush: () => Promise.resolve(true) };
}

/** Whether `--output` is not given or names stdout. */
export function isStdout({ output }: Pick<Session['config'], 'output'>): boolean {
  return output === undefined || STDOUT_NAMES.includes(output);
}

/** Notes a format that the settings file sets, because the reader of the pipe may expect JSON. */
export function noteFormatOfFile({ config, origins, givenBy, io, talk }: Session): void {
  if (origins.format !== 'file' || config.format === 'json' || io.stdout.isTTY === true || config.dryRun || config.join) return;
  talk.note(`the output format is ${config.format} (set by ${givenBy.format}); use -f json for JSON`);
}
