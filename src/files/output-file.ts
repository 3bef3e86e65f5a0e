import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CctError, systemCodeOf } from '../core/errors.ts';
import { toFileReason } from './file-reasons.ts';
import type { Writer } from './writer.ts';

// What these mean here: a file that is not there is made.
const REASON_BY_CODE: Readonly<Record<string, string>> = {
  ENOENT: 'its directory does not exist',
  EEXIST: 'its temporary file already exists',
};

/** A file that appears whole or not at all: `commit` puts it in its place, `discard` leaves what was there. */
export interface OutputFile extends Writer {
  commit(): Promise<void>;
  discard(): Promise<void>;
}

export interface OutputFileOptions {
  /** The file holds a secret: its mode becomes 0600, whatever it was, and only a regular file is written. */
  readonly isPrivate?: boolean;
}

/**
 * Opens a file for writing. A regular file is written beside its place and renamed; a device or pipe is written directly.
 * `suffix` makes the temporary name unique. Rejects with `output` when the place cannot be written.
 */
export async function openOutputFile(
  path: string,
  suffix: string,
  { isPrivate = false }: OutputFileOptions = {},
): Promise<OutputFile> {
  const failure = (thrown: unknown) =>
    new CctError('output', `cannot write ${path}: ${REASON_BY_CODE[systemCodeOf(thrown) ?? ''] ?? toFileReason(thrown)}`, {
      cause: thrown,
    });
  const guard = <Result>(action: Promise<Result>): Promise<Result> =>
    action.catch((thrown: unknown) => {
      throw failure(thrown);
    });

  const place = await stat(path).catch(() => undefined);
  if (place?.isDirectory()) throw new CctError('output', `cannot write ${path}: it is a directory`);
  const isDirect = place !== undefined && !place.isFile();
  if (isDirect && isPrivate) throw new CctError('output', `cannot write ${path}: a secret is written only to a regular file`);
  // A link stays a link: what it points to is replaced. An open pipe (`/dev/fd/63`) is a link to no path at all.
  const target = place === undefined || isDirect ? path : await guard(realpath(path));
  const written = isDirect ? target : join(dirname(target), `.${basename(target)}.${suffix}.tmp`);
  const mode = isPrivate ? 0o600 : place === undefined ? 0o666 : place.mode & 0o777;
  const handle: FileHandle = await guard(open(written, isDirect ? 'w' : 'wx', mode));
  return {
    async write(text) {
      await guard(handle.writeFile(text));
      return true;
    },
    async commit() {
      if (!isDirect) await guard(handle.sync());
      await guard(handle.close());
      if (!isDirect) await guard(rename(written, target));
    },
    async discard() {
      await handle.close().catch(() => undefined);
      if (!isDirect) await rm(written, { force: true });
    },
  };
}
