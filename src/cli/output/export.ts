import { toCctError } from '../../core/errors.ts';
import type { DirectoryFiles } from '../../exports/export-format.ts';
import { writeOutputDirectory } from '../../files/output-directory.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';
import { openOutput } from './output.ts';

/** Writes a text to stdout or `--output`, or a directory to `--output`. Resolves to the exit status; rejects with `output`, or if interrupted. */
export async function writeExport(session: Session, written: string | DirectoryFiles): Promise<number> {
  const { config, signal } = session;
  if (typeof written !== 'string') {
    const left = await writeOutputDirectory(config.output ?? '', written, signal);
    if (left !== undefined) session.talk.note(`the previous directory was renamed to ${left}, because it could not be removed`);
    return 0;
  }
  const output = await openOutput(session);
  try {
    if (!(await output.write(written))) return CLOSED_PIPE_STATUS;
    if (signal.aborted) throw toCctError(signal.reason);
    await output.commit();
    return 0;
  } finally {
    await output.discard();
  }
}
