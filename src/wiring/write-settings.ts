import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CctError } from '../core/errors.ts';
import { makeDirectory, writeAtomically } from '../files/atomic-file.ts';
import { asOutputError } from '../files/file-reasons.ts';

// Only the owner can read the directory and change the file.
const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o644;

/** Writes a settings file atomically, creating its directory. Rejects with `output`, also if the file exists and must not be replaced. */
export async function writeSettings(path: string, text: string, isReplacing: boolean): Promise<void> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  if (exists && !isReplacing) throw new CctError('output', `${path} exists: replace it with --force`);
  await asOutputError(path, async () => {
    await makeDirectory(dirname(path), DIRECTORY_MODE);
    await writeAtomically(path, text, { mode: FILE_MODE });
  });
}
