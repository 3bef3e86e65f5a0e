import type { Session } from '../session.ts';
import { openOutputFile } from './output-file.ts';
import type { OutputFile } from './output-file.ts';

/** Where the answer goes. Nothing of a file is seen before `commit`; `discard` after it does nothing. */
export type Output = OutputFile;

/** `--output FILE`, or stdout. Rejects with `output` when the file cannot be written, before anything is asked. */
export async function openOutput({ config, io, stdout }: Session): Promise<Output> {
  if (config.output === undefined || config.output === '-') {
    return { write: (text) => stdout.write(text), commit: () => Promise.resolve(), discard: () => Promise.resolve() };
  }
  return openOutputFile(config.output, io.random().toString(36).slice(2));
}
