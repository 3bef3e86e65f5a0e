import { hash } from 'node:crypto';
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { CctError, systemCodeOf } from '../../core/errors.ts';
import { openEntryReader } from './entry-reader.ts';
import { toTargetName } from '../../files/atomic-file.ts';
import { toFileReason } from '../../files/file-reasons.ts';
import type { AnswerPlace } from './stored-answer.ts';
import { toPlaceText } from './stored-answer.ts';
import { createTurns } from './turns.ts';

/*
 * The folder of answers remembered: `<two hexadecimal digits>/<64 of them>.answer`, the SHA-256 of the tracker's URL and the lookup key,
 * so that no name tells what was asked. Beside an entry, while it is written, its draft.
 */

const FOLDER = /^[0-9a-f]{2}$/;
const ENTRY = /^[0-9a-f]{64}\.answer$/;
const FOLDERS = 256;
const FILES_AT_ONCE = 16;
// Older than any answer that may still be given.
const OLD_AFTER_MS = 7 * 24 * 60 * 60 * 1000;
// Writing one takes a moment; what is left after that was left by a process that was killed.
const STALE_DRAFT_AFTER_MS = 60 * 60 * 1000;

/** Where the answer about a place lies in a cache folder. */
export function toEntryPath(dir: string, place: AnswerPlace): string {
  const name = hash('sha256', toPlaceText(place));
  return path.join(dir, name.slice(0, 2), `${name}.answer`);
}

/** What a cache folder holds. */
export interface CacheInventory {
  readonly entries: number;
  /** Of the entries. */
  readonly bytes: number;
  /** Entries that would be given again, and those that are too old. */
  readonly fresh: number;
  readonly expired: number;
  /** Files in the place of an entry that are none: cut off, changed, foreign. They are asked again. */
  readonly broken: number;
  /** Moments of answers; undefined when there is none. */
  readonly oldest: Date | undefined;
  readonly newest: Date | undefined;
}

/** Counts what a cache folder holds, by reading all of it; one that is not there holds nothing. Rejects with `input`, naming the folder. */
export async function takeInventory(dir: string, isFresh: (answeredAt: Date) => boolean): Promise<CacheInventory> {
  const read = openEntryReader();
  const moments: Date[] = [];
  let [bytes, broken] = [0, 0];
  await guard(`cannot read the cache ${dir}`, 'input', async () => {
    const files = await listOwnFiles(dir);
    const entries = files.filter(({ name }) => ENTRY.test(name));
    await Promise.all(
      entries.map(async ({ file }) => {
        const entry = await read(file);
        if (entry === undefined || toEntryPath(dir, entry) !== file) {
          broken += 1;
          return;
        }
        bytes += entry.bytes;
        moments.push(entry.answer.answeredAt);
      }),
    );
  });
  moments.sort((a, b) => a.getTime() - b.getTime());
  const fresh = moments.filter(isFresh).length;
  const expired = moments.length - fresh;
  return { entries: moments.length, bytes, fresh, expired, broken, oldest: moments[0], newest: moments.at(-1) };
}

/**
 * Removes the entries of a cache folder, broken ones too, and what was being written; nothing that has another name, and no folder that
 * then still holds something. Resolves to the number of entries. Rejects with `output`, naming the folder.
 */
export async function clearCache(dir: string): Promise<number> {
  const takeTurn = createTurns(FILES_AT_ONCE);
  let removed = 0;
  await guard(`cannot clear the cache ${dir}`, 'output', async () => {
    const files = await listOwnFiles(dir);
    await Promise.all(
      files.map(({ name, file }) =>
        takeTurn(async () => {
          await rm(file, { force: true });
          if (ENTRY.test(name)) removed += 1;
        }),
      ),
    );
    for (const folder of await listFolders(dir)) await removeWhenEmpty(folder);
  });
  return removed;
}

/** One of the sub-folders, picked by a number from 0 up to 1. */
export function pickFolder(dir: string, random: () => number): string {
  const index = Math.floor(random() * FOLDERS);
  return path.join(dir, index.toString(16).padStart(2, '0'));
}

/** Removes from one sub-folder what nobody needs any more: entries of more than 7 days, drafts of more than an hour. */
export async function sweepFolder(folder: string, now: Date): Promise<void> {
  for (const { name, file } of await listFilesIn(folder)) {
    const ageMs = now.getTime() - (await stat(file)).mtimeMs;
    if (ageMs > (ENTRY.test(name) ? OLD_AFTER_MS : STALE_DRAFT_AFTER_MS)) await rm(file, { force: true });
  }
}

interface OwnFile {
  readonly name: string;
  readonly file: string;
}

async function listOwnFiles(dir: string): Promise<OwnFile[]> {
  const files: OwnFile[] = [];
  for (const folder of await listFolders(dir)) files.push(...(await listFilesIn(folder)));
  return files;
}

async function listFolders(dir: string): Promise<string[]> {
  const found = await orNothing(readdir(dir, { withFileTypes: true }));
  return found.filter((entry) => entry.isDirectory() && FOLDER.test(entry.name)).map(({ name }) => path.join(dir, name));
}

/** Entries and drafts by their names; neither links nor folders, whatever their names. */
async function listFilesIn(folder: string): Promise<OwnFile[]> {
  const digits = path.basename(folder);
  const found = await orNothing(readdir(folder, { withFileTypes: true }));
  return found
    .filter((entry) => entry.isFile() && isEntryOf(digits, toTargetName(entry.name) ?? entry.name))
    .map(({ name }) => ({ name, file: path.join(folder, name) }));
}

function isEntryOf(digits: string, name: string): boolean {
  return name.startsWith(digits) && ENTRY.test(name);
}

async function orNothing<Item>(listing: Promise<Item[]>): Promise<Item[]> {
  try {
    return await listing;
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}

async function removeWhenEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (thrown) {
    // Something foreign is in it, or another process has just written there, or removed it.
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(systemCodeOf(thrown) ?? '')) throw thrown;
  }
}

async function guard(what: string, code: 'input' | 'output', work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    throw new CctError(code, `${what}: ${toFileReason(thrown)}`, { cause: thrown });
  }
}
