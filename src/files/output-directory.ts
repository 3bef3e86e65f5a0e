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

/** The file by which a directory is known as one that cct wrote. It names the other files. */
export const MARKER_FILE = '.cct-export';
const MARKER_HEAD = '# cct snapshot export wrote the files below, and replaces this directory as a whole';

/**
 * Rejects with `output` where a directory cannot be replaced: it is no directory, it is the current one, or it holds what cct did not write.
 * What a killed run had moved away is put back.
 */
export async function checkOutputDirectory(path: string): Promise<void> {
  await asOutputError(path, () => findTarget(path));
}

/**
 * Writes a directory as a whole: a new one beside it takes its name, and the old one is removed; resolves to its new name where it cannot be.
 * Rejects as `checkOutputDirectory`, and with the signal's reason when that aborts before; then the old one stays, and nothing else.
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
  /** Its files; undefined where there is none yet. */
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
  if (real === resolve('.')) throw new Refusal('it is the current directory, which cannot be replaced; name it from another one');
  const names = await readdir(real);
  const known = names.length === 0 ? [] : [MARKER_FILE, ...(await readMarker(real))];
  const foreign = names.find((name) => !known.includes(name)) ?? (await findOther(real, names));
  if (foreign !== undefined) throw new Refusal(`it holds other files, such as ${foreign}; name a new or an empty directory`);
  return { path: real, names, mode: found.mode & 0o777 };
}

/** The first that is no regular file: cct wrote nothing else. */
async function findOther(directory: string, names: readonly string[]): Promise<string | undefined> {
  const found = await Promise.all(names.map((name) => lstat(join(directory, name))));
  return names.find((_, at) => found[at]?.isFile() !== true);
}

/** Puts back the directory that a killed run had moved away. */
async function restore(path: string): Promise<boolean> {
  const siblings = await readdir(dirname(path)).catch(refuseAllBut('ENOENT'));
  if (!siblings) throw new Refusal('its directory does not exist');
  const start = basename(toSibling(path, ''));
  const old = siblings.find((name) => name.startsWith(start) && /^[0-9a-z-]+\.old$/.test(name.slice(start.length)));
  if (old === undefined) return false;
  await rename(join(dirname(path), old), path);
  return true;
}

/** The old directory, where it could not be removed. */
async function replace({ path, names }: Target, draft: string, id: string): Promise<string | undefined> {
  if (!names) {
    await rename(draft, path);
    return undefined;
  }
  const old = toSibling(path, `${id}.old`);
  // Nothing of this process comes between the two: no call replaces a directory at once.
  renameSync(path, old);
  try {
    renameSync(draft, path);
  } catch (thrown) {
    renameSync(old, path);
    throw thrown;
  }
  // Only what was checked: a file that somebody added in the meantime stays.
  for (const name of names) await unlink(join(old, name)).catch(() => undefined);
  return rmdir(old).then(
    () => undefined,
    () => old,
  );
}

function toMarker(names: readonly string[]): string {
  return [MARKER_HEAD, ...names, ''].join('\n');
}

/** The files that a marker names; none without one. */
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

/** Why a directory is not written, in plain words. */
class Refusal extends Error {}
