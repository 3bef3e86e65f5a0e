import { closeSync, constants, openSync, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { systemCodeOf } from '../../core/errors.ts';
import { parseEntry } from './cache-entry.ts';
import { createSlices } from './slices.ts';
import type { StoredAnswer } from './stored-answer.ts';
import { MAX_STORED_BYTES } from './stored-answer.ts';

/** An entry as it was read, and its size. */
export interface ReadEntry extends StoredAnswer {
  readonly bytes: number;
}

// Neither a link to somewhere else nor a pipe that nobody writes to is followed; Windows knows neither flag.
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const OUT_OF_FILES = ['EMFILE', 'ENFILE'];
const FILES_WAIT_MS = 20;
const FILES_TRIES = 100;
// No such file; a link; a folder; a pipe.
const NO_ENTRY = ['ENOENT', 'ELOOP', 'EISDIR', 'ESPIPE'];

// Long enough to be worth a turn of the loop, too short to be noticed.
const SLICE_MS = 5;

/**
 * Reads entries: undefined for what is none; rejects when a file cannot be read. One file is open at a time, and where others have opened
 * too many it waits for them, up to two seconds.
 *
 * Reading blocks, in slices: a small file of a local disk is read in less time than handing it to another thread takes, and a batch in a
 * third of that.
 */
export function openEntryReader(): (file: string) => Promise<ReadEntry | undefined> {
  const buffer = Buffer.allocUnsafe(MAX_STORED_BYTES + 1);
  const runInSlices = createSlices(SLICE_MS, () => performance.now());
  return async (file) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await runInSlices(() => readEntry(file, buffer));
      } catch (thrown) {
        if (!OUT_OF_FILES.includes(systemCodeOf(thrown) ?? '') || tries === FILES_TRIES) throw thrown;
        await delay(FILES_WAIT_MS);
      }
    }
  };
}

function readEntry(file: string, buffer: Buffer): ReadEntry | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, FLAGS);
    const length = readSync(descriptor, buffer, 0, buffer.length, 0);
    const stored = length > MAX_STORED_BYTES ? undefined : parseEntry(buffer.subarray(0, length));
    return stored && { ...stored, bytes: length };
  } catch (thrown) {
    if (NO_ENTRY.includes(systemCodeOf(thrown) ?? '')) return undefined;
    throw thrown;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
