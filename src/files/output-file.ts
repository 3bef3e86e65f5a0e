import { open, stat } from 'node:fs/promises';
import { untilAborted } from '../core/lookups/call.ts';
import { CctError, toCctError } from '../core/errors.ts';
import type { Draft } from './atomic-file.ts';
import { openDraft } from './atomic-file.ts';
import { asOutputError } from './file-reasons.ts';
import { toRealPath } from './real-path.ts';
import type { Writer } from './writer.ts';

// An output file is created, so these codes concern its directory and its draft.
const REASON_BY_CODE: Readonly<Record<string, string>> = {
  ENOENT: 'its directory does not exist',
  EEXIST: 'its temporary file already exists',
};

/** A file that is written atomically: `commit` replaces the existing file, `discard` keeps it. */
export interface OutputFile extends Writer {
  commit(): Promise<void>;
  discard(): Promise<void>;
}

export interface OutputFileOptions {
  /** Whether the file contains a secret: then its mode becomes 0600, and it must be a regular file. Default false. */
  readonly isPrivate?: boolean;
  /** Makes the draft's name unique. Default: a UUID. */
  readonly id?: string;
  /** Aborts opening, even of a pipe that no program reads. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a file for writing. A regular file is replaced atomically and keeps its mode; a device or pipe is written directly. Rejects
 * with `output` if the path cannot be written, and with the signal's reason if it aborts first; then no temporary file remains.
 */
export async function openOutputFile(path: string, options: OutputFileOptions = {}): Promise<OutputFile> {
  const { isPrivate = false, id, signal } = options;
  const guard = <Result>(action: Promise<Result>): Promise<Result> => asOutputError(path, () => action, REASON_BY_CODE);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new CctError('output', `cannot write ${path}: it is a directory`);
  const isDirect = found !== undefined && !found.isFile();
  if (isDirect && isPrivate) throw new CctError('output', `cannot write ${path}: a secret is written only to a regular file`);
  // A link stays a link, even a dangling one: its target is replaced.
  const target = isDirect ? path : await guard(toRealPath(path));
  const mode = isPrivate ? 0o600 : found ? found.mode & 0o777 : 0o666;
  const opening = isDirect ? openDirect(target) : openDraft(target, { id, mode, isSynced: true });
  const file = await guard(isDirect && signal ? untilAborted(opening, signal) : opening);
  if (signal?.aborted) {
    await file.discard();
    throw toCctError(signal.reason);
  }
  return {
    async write(text) {
      await guard(file.write(text));
      return true;
    },
    commit: () => guard(file.commit()),
    discard: () => file.discard(),
  };
}

/** A device, a socket or a pipe; an open pipe (`/dev/fd/63`) has no real path. */
async function openDirect(path: string): Promise<Draft> {
  const handle = await open(path, 'w');
  return {
    write: (text) => handle.writeFile(text),
    commit: () => handle.close(),
    discard: () => handle.close().catch(() => undefined),
  };
}
