import { renameSync } from 'node:fs';
import {
  chmod,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { systemCodeOf, toCctError } from '../core/errors.ts';
import { asOutputError } from './file-reasons.ts';

/** Marks a directory as written by cct, and contains the names of its other files. */
export const MARKER_FILE = '.cct-export';
const MARKER_HEAD = '# cct snapshot export wrote the files below, and replaces this directory as a whole';

/**
 * Rejects with `output` if a path cannot be replaced: it is not a directory, it is the current directory, or it contains files that cct did
 * not write. Restores a directory that a killed run moved away.
 */
export async function checkOutputDirectory(path: string): Promise<void> {
  await asOutputError(path, () => findTarget(path));
}

/**
 * Replaces a directory by a new one, and removes the old one; resolves to the old one's new name if it cannot be removed. Rejects as
 * `checkOutputDirectory` does, and with the signal's reason if it aborts first; then only the old directory remains.
 */
export async function writeOutputDirectory(
  path: string,
  files: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string | undefined> {
  return asOutputError(path, async () => {
    const target = await findTarget(path);
    const id = crypto.randomUUID();
    const draft = toSibling(target.path, `${id}.tmp`);
    try {
      await mkdir(draft);
      if (target.mode !== undefined) await chmod(draft, target.mode);
      for (const [name, text] of Object.entries({ ...files, [MARKER_FILE]: toMarker(Object.keys(files)) })) {
        await writeFile(join(draft, name), text);
        if (signal.aborted) throw toCctError(signal.reason);
      }
      return await replace(target, draft, id);
    } catch (thrown) {
      await rm(draft, { recursive: true, force: true }).catch(() => undefined);
      throw thrown;
    }
  });
}

interface Target {
  readonly path: string;
  /** Its files; undefined if it does not exist yet. */
  readonly names?: readonly string[];
  readonly mode?: number;
}

const toSibling = (path: string, ending: string) => join(dirname(path), `.${basename(path)}.${ending}`);

async function findTarget(given: string): Promise<Target> {
  const path = resolve(given);
  const found = await stat(path).catch(refuseAllBut('ENOENT'));
  if (!found) {
    const link = await readlink(path).catch(() => undefined);
    if (link !== undefined) throw new Refusal(`it is a link to ${link}, which does not exist`);
    const restored = await restore(path);
    return restored ? findTarget(given) : { path };
  }
  if (!found.isDirectory()) throw new Refusal('it is a file, and this format writes a directory');
  // A link stays a link: its target is replaced.
  const real = await realpath(path);
  if (real === resolve('.')) throw new Refusal('it is the current directory, which cannot be replaced; run cct in another one');
  const names = await readdir(real);
  const known = names.length === 0 ? [] : [MARKER_FILE, ...(await readMarker(real))];
  const foreign = names.find((name) => !known.includes(name)) ?? (await findOther(real, names));
  if (foreign !== undefined) throw new Refusal(`it contains other files, such as ${foreign}; name a new or empty directory`);
  return { path: real, names, mode: found.mode & 0o777 };
}

/** Finds an entry that is not a regular file, which cct cannot have written. */
async function findOther(directory: string, names: readonly string[]): Promise<string | undefined> {
  const found = await Promise.all(names.map((name) => lstat(join(directory, name))));
  return names.find((_, at) => found[at]?.isFile() !== true);
}

/** Restores the directory that a killed run moved away, if any. */
async function restore(path: string): Promise<boolean> {
  const siblings = await readdir(dirname(path)).catch(refuseAllBut('ENOENT'));
  if (!siblings) throw new Refusal('its directory does not exist');
  const start = basename(toSibling(path, ''));
  const old = siblings.find((name) => name.startsWith(start) && /^[0-9a-z-]+\.old$/.test(name.slice(start.length)));
  if (old === undefined) return false;
  await rename(join(dirname(path), old), path);
  return true;
}

/** Resolves to the path of the old directory if it could not be removed. */
async function replace({ path, names }: Target, draft: string, id: string): Promise<string | undefined> {
  if (!names) {
    await rename(draft, path);
    return undefined;
  }
  const old = toSibling(path, `${id}.old`);
  // Synchronous, so that this process does nothing in between: no system call replaces a directory atomically.
  renameSync(path, old);
  try {
    renameSync(draft, path);
  } catch (thrown) {
    renameSync(old, path);
    throw thrown;
  }
  // Remove only checked files: one added in the meantime stays.
  for (const name of names) await unlink(join(old, name)).catch(() => undefined);
  return rmdir(old).then(
    () => undefined,
    () => old,
  );
}

function toMarker(names: readonly string[]): string {
  return [MARKER_HEAD, ...names, ''].join('\n');
}

/** The files that the marker names; none without a marker. */
async function readMarker(directory: string): Promise<readonly string[]> {
  const text = await readFile(join(directory, MARKER_FILE), 'utf8').catch(refuseAllBut('ENOENT'));
  const [head, ...names] = text?.split('\n') ?? [];
  return head === MARKER_HEAD ? names : [];
}

async function writeFile(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function refuseAllBut(code: string): (thrown: unknown) => undefined {
  return (thrown) => {
    if (systemCodeOf(thrown) !== code) throw thrown;
    return undefined;
  };
}

/** Why a directory cannot be written, in plain words. */
class Refusal extends Error {}
