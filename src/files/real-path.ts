import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { systemCodeOf } from '../core/errors.ts';

/**
 * Resolves all links of a path, even if the file or the target of a dangling link does not exist. Rejects with the system's error if links
 * cannot be resolved.
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
