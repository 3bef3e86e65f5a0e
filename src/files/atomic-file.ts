import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemCodeOf, toCctError } from '../core/errors.ts';

export interface DraftOptions {
  /** Makes the draft's name unique: lower-case letters, digits and `-`. Default: a UUID. */
  readonly id?: string | undefined;
  /** Permissions of a new file, before the umask. Default 0666. */
  readonly mode?: number;
  /** Flushes the content to the disk before the draft replaces its target. Default false. */
  readonly isSynced?: boolean;
}

/** A temporary file in the directory of its target. */
export interface Draft {
  write(text: string): Promise<void>;
  /** Closes the draft and renames it to its target. */
  commit(): Promise<void>;
  /** Closes and removes the draft; does nothing after `commit`. Never rejects. */
  discard(): Promise<void>;
}

/** Creates `.NAME.ID.tmp` next to the target. Rejects with the system's error; `EEXIST` if that name exists, even as a link. */
export async function openDraft(target: string, options: DraftOptions): Promise<Draft> {
  const { id = crypto.randomUUID(), mode = 0o666, isSynced = false } = options;
  const path = join(dirname(target), `.${basename(target)}.${id}.tmp`);
  const handle = await open(path, 'wx', mode);
  return {
    write: (text) => handle.writeFile(text),
    async commit() {
      if (isSynced) await handle.sync();
      await handle.close();
      await rename(path, target);
    },
    async discard() {
      await handle.close().catch(() => undefined);
      await rm(path, { force: true }).catch(() => undefined);
    },
  };
}

/** The target of a draft by its name; undefined if it is not the name of a draft. */
export function toTargetName(draftName: string): string | undefined {
  return /^\.(.+)\.[0-9a-z-]+\.tmp$/.exec(draftName)?.[1];
}

/**
 * Replaces a file atomically. A link is replaced, not followed. Rejects with the system's error, or with the signal's reason if it aborts
 * before the replacement; then no draft remains.
 */
export async function writeAtomically(
  target: string,
  text: string,
  { signal, ...options }: DraftOptions & { readonly signal?: AbortSignal },
): Promise<void> {
  const draft = await openDraft(target, options);
  try {
    await draft.write(text);
    if (signal?.aborted) throw toCctError(signal.reason);
    await draft.commit();
  } catch (thrown) {
    await draft.discard();
    throw thrown;
  }
}

/** Replaces recursive `mkdir`, which on Node 20 loops forever if a parent accepts no directories, as in `/proc`. */
export async function makeDirectory(directory: string, mode = 0o777): Promise<void> {
  const make = () => mkdir(directory, { mode });
  try {
    await make().catch(async (thrown: unknown) => {
      if (systemCodeOf(thrown) !== 'ENOENT' || dirname(directory) === directory) throw thrown;
      await makeDirectory(dirname(directory), mode);
      await make();
    });
  } catch (thrown) {
    if (systemCodeOf(thrown) !== 'EEXIST') throw thrown;
  }
}
