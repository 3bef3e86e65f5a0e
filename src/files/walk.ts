import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toFileReason } from './file-reasons.ts';

/** A file of a directory, or what was left out of it and why. */
export type WalkedFile = { readonly path: string } | LeftOut;

export interface LeftOut {
  readonly leftOut: string;
  readonly reason: string;
  /** Whether it may hold observables; a pipe, a socket, a device or a loop does not count. */
  readonly isUnreadable: boolean;
}

/**
 * The regular files of a directory and of those in it, in name order. Hidden files are left out silently, all else with a reason: pipes,
 * sockets, devices, links in a loop, and what cannot be read. Never rejects.
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
