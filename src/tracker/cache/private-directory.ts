import { lstatSync, statSync } from 'node:fs';

const WRITABLE_BY_OTHERS = 0o022;

/**
 * Creates a check for subdirectories of a directory. It throws an error with advice if another user may have written there or if the
 * subdirectory is a link, and the system's error if it does not exist. If `userId` is undefined (Windows), it refuses only links.
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
