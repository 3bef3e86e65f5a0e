import { lstatSync, statSync } from 'node:fs';

const WRITABLE_BY_OTHERS = 0o022;

/**
 * Returns a check of a directory's subdirectories. It throws an error that says what to do when another user may have written there, or when
 * the subdirectory is a link; the system's error when it does not exist. `userId` is undefined on Windows: then only links are refused.
 */
export function createPrivacyCheck(dir: string, userId: number | undefined): (subdirectory: string) => void {
  const passed = new Set<string>();
  return (subdirectory) => {
    if (passed.has(subdirectory)) return;
    requirePrivate(dir, dir, userId);
    if (lstatSync(subdirectory).isSymbolicLink()) throw new Error(`${subdirectory} is a link, which is not followed: remove it`);
    requirePrivate(subdirectory, dir, userId);
    passed.add(subdirectory);
  };
}

function requirePrivate(directory: string, dir: string, userId: number | undefined): void {
  const { uid, mode } = statSync(directory);
  if (userId === undefined) return;
  if (uid !== userId) throw new Error(`${directory} belongs to another user: name another directory with --cache-dir`);
  if ((mode & WRITABLE_BY_OTHERS) === 0) return;
  const advice = `run \`cct cache clear --cache-dir ${dir}\` and \`chmod go-w ${directory}\`, or name another directory with --cache-dir`;
  throw new Error(`other users can write to ${directory}: ${advice}`);
}
