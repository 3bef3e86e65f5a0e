import { hash } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { DAY_MS } from '../../core/day.ts';
import { CctError, systemCodeOf } from '../../core/errors.ts';
import { toTargetName } from '../../files/atomic-file.ts';
import { toFileReason } from '../../files/file-reasons.ts';
import type { AnswerPlace, StoredAnswer } from './stored-answer.ts';
import { MAX_STORED_BYTES, parseStoredAnswer, toPlaceText, writeStoredAnswer } from './stored-answer.ts';

/*
 * The cache directory: `<2 hexadecimal digits>/<64 hexadecimal digits>.answer`. The name is the SHA-256 of the place, so that it does not
 * reveal what was looked up. An entry is a line with the SHA-256 of the rest, and a line with the answer as JSON.
 */

const SHARD = /^[0-9a-f]{2}$/;
const ENTRY = /^[0-9a-f]{64}\.answer$/;
const SHARDS = 256;
const NEWLINE = 0x0a;
const DIGEST_LENGTH = 64;
// No answer is used after 7 days.
const OLD_AFTER_MS = 7 * DAY_MS;
// A write takes milliseconds; a process that left an older draft was killed.
const STALE_DRAFT_AFTER_MS = 60 * 60 * 1000;

/** The path of the answer for a place in a cache directory. */
export function toEntryPath(dir: string, place: AnswerPlace): string {
  const name = hash('sha256', toPlaceText(place));
  return path.join(dir, name.slice(0, 2), `${name}.answer`);
}

/** The text of an entry; undefined if it would exceed 64 KiB. Throws `RangeError` if `answeredAt` is invalid. */
export function writeEntry(stored: StoredAnswer): string | undefined {
  const line = `${writeStoredAnswer(stored)}\n`;
  const text = `${hash('sha256', line)}\n${line}`;
  return Buffer.byteLength(text) <= MAX_STORED_BYTES ? text : undefined;
}

/** Parses an entry; undefined if any byte differs from what was written. */
export function parseEntry(bytes: Buffer): StoredAnswer | undefined {
  const line = bytes.subarray(DIGEST_LENGTH + 1);
  const isWhole = bytes[DIGEST_LENGTH] === NEWLINE && hash('sha256', line) === bytes.toString('latin1', 0, DIGEST_LENGTH);
  return isWhole ? parseStoredAnswer(line.toString('utf8')) : undefined;
}

/** A stored answer and the size of its entry. */
export interface ReadEntry extends StoredAnswer {
  readonly bytes: number;
}

// Do not follow links or wait for the writer of a pipe. Windows has neither flag.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
// The codes for a missing file, a link, a directory and a pipe.
const NO_ENTRY = ['ENOENT', 'ELOOP', 'EISDIR', 'ESPIPE'];
const OUT_OF_FILES = ['EMFILE', 'ENFILE'];
const FILES_WAIT_MS = 20;
const FILES_TRIES = 100;

/**
 * Reads an entry; undefined for anything else, and above 64 KiB. Waits up to two seconds while too many files are open. Rejects with the
 * system's error. Reads synchronously, which is twice as fast as a read in the thread pool.
 */
export async function readEntry(file: string): Promise<ReadEntry | undefined> {
  for (let tries = 1; ; tries += 1) {
    // Let signals and timers run between reads.
    await turn();
    try {
      return readNow(file);
    } catch (thrown) {
      const code = systemCodeOf(thrown) ?? '';
      if (NO_ENTRY.includes(code)) return undefined;
      if (!OUT_OF_FILES.includes(code) || tries === FILES_TRIES) throw thrown;
      await delay(FILES_WAIT_MS);
    }
  }
}

function readNow(file: string): ReadEntry | undefined {
  const descriptor = openSync(file, FLAGS);
  try {
    const buffer = Buffer.allocUnsafe(MAX_STORED_BYTES + 1);
    const length = readSync(descriptor, buffer, 0, buffer.length, 0);
    const stored = length > MAX_STORED_BYTES ? undefined : parseEntry(buffer.subarray(0, length));
    return stored && { ...stored, bytes: length };
  } finally {
    closeSync(descriptor);
  }
}

/** The content of a cache directory. */
export interface CacheInventory {
  readonly entries: number;
  /** The size of all entries. */
  readonly bytes: number;
  /** The number of usable entries, and of those that are too old. */
  readonly fresh: number;
  readonly expired: number;
  /** The number of truncated, changed and foreign files with the name of an entry. They count as misses. */
  readonly broken: number;
  /** The times of the answers; undefined without entries. */
  readonly oldest: Date | undefined;
  readonly newest: Date | undefined;
}

/** Reads a whole cache directory. A missing one counts as empty. Rejects with `input` and the directory's name. */
export async function takeInventory(dir: string, isFresh: (answeredAt: Date) => boolean): Promise<CacheInventory> {
  const moments: Date[] = [];
  let [bytes, broken] = [0, 0];
  await guard(`cannot read the cache ${dir}`, 'input', async () => {
    for (const { name, file } of await listFiles(dir)) {
      if (!ENTRY.test(name)) continue;
      const entry = await readEntry(file);
      if (entry && toEntryPath(dir, entry) === file) {
        bytes += entry.bytes;
        moments.push(entry.answer.answeredAt);
      } else broken += 1;
    }
  });
  moments.sort((a, b) => a.getTime() - b.getTime());
  const fresh = moments.filter(isFresh).length;
  const expired = moments.length - fresh;
  return { entries: moments.length, bytes, fresh, expired, broken, oldest: moments[0], newest: moments.at(-1) };
}

/**
 * Removes the entries of a cache directory, including broken ones and drafts, and subdirectories that become empty; nothing else.
 * Resolves to the number of entries. Rejects with `output` and the directory's name.
 */
export async function clearCache(dir: string): Promise<number> {
  let removed = 0;
  await guard(`cannot clear the cache ${dir}`, 'output', async () => {
    for (const shard of await listShards(dir)) {
      const files = await listFilesIn(shard);
      await Promise.all(files.map(({ file }) => rm(file, { force: true })));
      removed += files.filter(({ name }) => ENTRY.test(name)).length;
      await removeWhenEmpty(shard);
    }
  });
  return removed;
}

/** Picks one of the 256 subdirectories at random. `random` returns a number from 0 to below 1. */
export function pickShard(dir: string, random: () => number): string {
  const index = Math.floor(random() * SHARDS);
  return path.join(dir, index.toString(16).padStart(2, '0'));
}

/** Removes entries older than 7 days and drafts older than an hour from a subdirectory. */
export async function sweepShard(shard: string, now: Date): Promise<void> {
  for (const { name, file } of await listFilesIn(shard)) {
    const ageMs = now.getTime() - (await stat(file)).mtimeMs;
    if (ageMs > (ENTRY.test(name) ? OLD_AFTER_MS : STALE_DRAFT_AFTER_MS)) await rm(file, { force: true });
  }
}

interface OwnFile {
  readonly name: string;
  readonly file: string;
}

async function listFiles(dir: string): Promise<OwnFile[]> {
  const files: OwnFile[] = [];
  for (const shard of await listShards(dir)) files.push(...(await listFilesIn(shard)));
  return files;
}

async function listShards(dir: string): Promise<string[]> {
  const found = await listDirectory(dir);
  return found.filter((entry) => entry.isDirectory() && SHARD.test(entry.name)).map(({ name }) => path.join(dir, name));
}

/** Lists entries and their drafts, recognised by name. Ignores links and directories. */
async function listFilesIn(shard: string): Promise<OwnFile[]> {
  const digits = path.basename(shard);
  const isOwn = (name: string) => name.startsWith(digits) && ENTRY.test(name);
  const found = await listDirectory(shard);
  return found
    .filter((entry) => entry.isFile() && isOwn(toTargetName(entry.name) ?? entry.name))
    .map(({ name }) => ({ name, file: path.join(shard, name) }));
}

async function listDirectory(directory: string) {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'ENOENT') return [];
    throw thrown;
  }
}

async function removeWhenEmpty(directory: string): Promise<void> {
  try {
    await rmdir(directory);
  } catch (thrown) {
    // It contains foreign files, or another process has just written to it or removed it.
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
