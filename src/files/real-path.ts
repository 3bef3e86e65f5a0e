import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { systemCodeOf } from '../core/errors.ts';

/**
 * The path without links, also of a file that does not exist, or of one that a dangling link points to. Rejects with the system's error where
 * links lead nowhere.
 */
export async function toRealPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (thrown) {
    if (systemCodeOf(thrown) !== 'ENOENT') throw thrown;
  }
  const whole = resolve(path);
  const directory = await realpath(dirname(whole)).catch(() => dirname(whole));
  const place = join(directory, basename(whole));
  const target = await readlink(place).catch(() => undefined);
  return target === undefined ? place : toRealPath(resolve(directory, target));
}
