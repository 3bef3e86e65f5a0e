import { hash } from 'node:crypto';
import { closeSync, constants, open, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { codeOf } from './file-reasons.ts';
import type { StoredAnswer } from './stored-answer.ts';
import { MAX_STORED_BYTES, parseStoredAnswer, writeStoredAnswer } from './stored-answer.ts';

/*
 * An entry of the cache folder: a line with the SHA-256 of the rest, and a line with the answer as JSON. There is no sync to the disk
 * behind it: what a power failure cuts off is asked again.
 */

const NEWLINE = 0x0a;
const DIGEST_LENGTH = 64;

/** The bytes of an entry; undefined when it would be longer than an entry may be. Throws `RangeError` when the answer has no moment. */
export function writeEntry(stored: StoredAnswer): string | undefined {
  const line = `${writeStoredAnswer(stored)}\n`;
  const text = `${hash('sha256', line)}\n${line}`;
  return Buffer.byteLength(text) <= MAX_STORED_BYTES ? text : undefined;
}

/** What an entry's bytes say; undefined when a single one of them is not as it was written. */
export function parseEntry(bytes: Buffer): StoredAnswer | undefined {
  const line = bytes.subarray(DIGEST_LENGTH + 1);
  const isWhole = bytes[DIGEST_LENGTH] === NEWLINE && hash('sha256', line) === bytes.toString('latin1', 0, DIGEST_LENGTH);
  return isWhole ? parseStoredAnswer(line.toString('utf8')) : undefined;
}

/** An entry as it was read, and its size. */
export interface ReadEntry extends StoredAnswer {
  readonly bytes: number;
}

const openFile = promisify(open);

// Neither a link to somewhere else nor a pipe that nobody writes to is followed; Windows knows neither flag.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const OUT_OF_FILES = ['EMFILE', 'ENFILE'];
const FILES_WAIT_MS = 20;
const FILES_TRIES = 100;
// No such file; a link; a folder; a pipe.
const NO_ENTRY = ['ENOENT', 'ELOOP', 'EISDIR', 'ESPIPE'];

/**
 * Reads entries: undefined for what is none, rejects when a file cannot be read. It is for the caller to bound how many are read at once;
 * where others have opened too many, it waits for them, up to two seconds.
 */
export function openEntryReader(): (file: string) => Promise<ReadEntry | undefined> {
  const buffer = Buffer.allocUnsafe(MAX_STORED_BYTES + 1);
  return async (file) => {
    try {
      const length = readInto(buffer, await openPatiently(file));
      const stored = length > MAX_STORED_BYTES ? undefined : parseEntry(buffer.subarray(0, length));
      return stored && { ...stored, bytes: length };
    } catch (thrown) {
      if (NO_ENTRY.includes(codeOf(thrown) ?? '')) return undefined;
      throw thrown;
    }
  };
}

/**
 * Not asynchronous: finding a file is what may take its time, and is done elsewhere. To read a few hundred bytes of it costs less than to
 * hand that to another thread, and a batch is read in a third of the time.
 */
function readInto(buffer: Buffer, descriptor: number): number {
  try {
    return readSync(descriptor, buffer, 0, buffer.length, 0);
  } finally {
    closeSync(descriptor);
  }
}

async function openPatiently(file: string): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await openFile(file, FLAGS);
    } catch (thrown) {
      if (!OUT_OF_FILES.includes(codeOf(thrown) ?? '') || tries === FILES_TRIES) throw thrown;
      await delay(FILES_WAIT_MS);
    }
  }
}
