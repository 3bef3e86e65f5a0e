import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toFileReason } from './file-reasons.ts';

/** A file of a directory, or a path that was left out and the reason. */
export type WalkedFile = { readonly path: string } | LeftOut;

export interface LeftOut {
  readonly leftOut: string;
  readonly reason: string;
  /** Whether it may contain observables that were not read: false for a pipe, a socket, a device or a loop. */
  readonly isUnreadable: boolean;
}

/**
 * Yields the regular files of a directory and its subdirectories, in name order. Omits hidden files silently, and reports all others that it
 * leaves out: pipes, sockets, devices, links in a loop, and unreadable paths. Never rejects.
 */
export async function* walkDirectory(directory: string, parents: readonly string[] = []): AsyncGenerator<WalkedFile> {
  let names: string[];
  let place: string;
  try {
    place = await realpath(directory);
    names = await readdir(directory);
  } catch (thrown) {
    yield { leftOut: directory, reason: toFileReason(thrown), isUnreadable: true };
    return;
  }
  if (parents.includes(place)) {
    yield { leftOut: directory, reason: 'a link to a directory above it', isUnreadable: false };
    return;
  }
  for (const name of names.filter((each) => !each.startsWith('.')).sort()) {
    yield* walkEntry(join(directory, name), [...parents, place]);
  }
}

async function* walkEntry(path: string, parents: readonly string[]): AsyncGenerator<WalkedFile> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) yield* walkDirectory(path, parents);
    else yield found.isFile() ? { path } : { leftOut: path, reason: 'not a regular file', isUnreadable: false };
  } catch (thrown) {
    const isLink = (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true;
    yield { leftOut: path, reason: isLink ? 'a broken link' : toFileReason(thrown), isUnreadable: true };
  }
}
