import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileSettings, FlagValues } from '../config.ts';
import { findNamedFile, findUnknownVariables, parseSettings } from '../config.ts';
import { CctError, systemCodeOf } from '../core/errors.ts';
import { userDirectory } from '../files/user-directories.ts';
import type { World } from './setup.ts';

// The longest setting has 4 kB.
const MAX_FILE_BYTES = 1024 * 1024;
const WRITABLE_BY_OTHERS = 0o022;

export interface ReadSettingsOptions {
  /** Read a file only if a flag or variable names one. Default false. */
  readonly isNamedOnly?: boolean;
  /** A named file need not exist. Default false. */
  readonly mayBeMissing?: boolean;
  readonly signal?: AbortSignal;
  readonly note: (text: string) => void;
}

/** The path of the settings file, whether it exists or not; null if the run reads none. Throws `usage`. */
export function settingsPath(flags: FlagValues, { env }: Pick<World, 'env'>): string | null {
  return toPath(findNamedFile(flags, env), env);
}

function toPath(named: ReturnType<typeof findNamedFile>, env: World['env']): string | null {
  return named === undefined ? null : (named ?? join(userDirectory('config', env), 'config.json'));
}

/**
 * Reads the settings file, if any, and warns if other users can change it. Rejects with `input`, with file and place. A named file must exist,
 * unless `mayBeMissing`.
 */
export async function readSettings(
  flags: FlagValues,
  io: Pick<World, 'env' | 'userId'>,
  { isNamedOnly = false, mayBeMissing = false, signal, note }: ReadSettingsOptions,
): Promise<FileSettings | undefined> {
  const named = findNamedFile(flags, io.env);
  const isNamed = Boolean(named);
  const path = toPath(named, io.env);
  if (path === null || (isNamedOnly && !isNamed)) return undefined;
  const found = await stat(path).catch((thrown: unknown) => systemCodeOf(thrown) ?? '');
  if ((!isNamed || mayBeMissing) && (found === 'ENOENT' || found === 'ENOTDIR')) {
    const isLink = await lstat(path).then(
      (link) => link.isSymbolicLink(),
      () => false,
    );
    if (isLink) throw new CctError('input', `cannot read ${path}: it is a link to a missing file; remove it, or use --no-config`);
    return undefined;
  }
  // Reading a pipe could block. A named one may be a process substitution.
  if (!isNamed && typeof found === 'object' && !found.isFile() && !found.isDirectory()) {
    throw new CctError('input', `cannot read ${path}: it is not a regular file; use --no-config to run without it`);
  }
  const { readTextFile } = await import('../files/read-text.ts');
  const text = await readTextFile(path, { maxBytes: MAX_FILE_BYTES, signal }).catch((thrown: unknown) => {
    if (!(thrown instanceof CctError) || thrown.code !== 'input' || isNamed) throw thrown;
    throw new CctError('input', `${thrown.message}; use --no-config to run without it`, { cause: thrown.cause });
  });
  // Windows has no such modes or user ids.
  if (typeof found === 'object' && io.userId !== undefined && (found.mode & WRITABLE_BY_OTHERS) !== 0) {
    const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
    note(`${path}: other users can change it (mode ${mode}): use chmod go-w`);
  }
  return parseSettings(text, path);
}

/** A line for each unknown variable with the program's prefix. */
export function describeUnknownVariables({ env }: Pick<World, 'env'>): string[] {
  return findUnknownVariables(env).map(({ name, nearest }) => {
    const hint = nearest === undefined ? 'cct help environment lists them' : `did you mean ${nearest}?`;
    return `${name}: unknown variable, ignored (${hint})`;
  });
}
