import { dirname } from 'node:path';
import { systemCodeOf } from '../../core/errors.ts';
import type { Answer } from '../../core/tracker.ts';
import type { OuterStore } from './remembering.ts';
import { writeEntry } from './cache-entry.ts';
import { pickFolder, sweepFolder, toEntryPath } from './cache-folder.ts';
import { openEntryReader } from './entry-reader.ts';
import { makeDirectory, writeAtomically } from '../../files/atomic-file.ts';
import { toFileReason } from '../../files/file-reasons.ts';
import type { AnswerOrigin, AnswerPlace } from './stored-answer.ts';
import { isAt } from './stored-answer.ts';
import { createTurns } from './turns.ts';

export interface DiskStoreOptions extends AnswerOrigin {
  /** The cache folder; made when the first answer is kept. */
  readonly dir: string;
  readonly now: () => Date;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** A name that no other process has: a UUID. */
  readonly newId: () => string;
  /** Told once, in plain words, why the folder cannot be used. */
  readonly onTrouble: (reason: string) => void;
}

// A process may have no more than 256 files open on some systems.
const WRITES_AT_ONCE = 8;
// A disk that is full stays so for a while; each attempt costs as much as a lookup from memory.
const FAILURES_IN_A_ROW = 8;
// In proportion to what is written: then no pattern of use makes the folder grow without end.
const WRITES_PER_SWEEP = 128;
// As often as somebody may clear the cache between two steps of one write.
const WRITE_TRIES = 5;
const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/**
 * Keeps answers in a folder that many processes may use at once, a file for each key: an entry appears whole or not at all, and one that
 * is not exactly as it was written is a miss. An entry longer than 64 KiB is not kept. What is asked is sensitive, so folders and files
 * are for their owner only. Never rejects: a folder that cannot be used is one that remembers nothing, and is told of once. `close` reads
 * nothing more, and resolves when all was written.
 */
export function openDiskStore({ dir, apiUrl, unlistedMessage, now, random, newId, onTrouble }: DiskStoreOptions): OuterStore {
  const toPlace = (key: string): AnswerPlace => ({ apiUrl, unlistedMessage, key });
  const read = openEntryReader();
  const takeTurn = createTurns(WRITES_AT_ONCE);
  const pending = new Set<Promise<void>>();
  let writes = 0;
  let failuresInARow = 0;
  let isClosed = false;
  let isTold = false;

  const tell = (thrown: unknown): void => {
    if (isTold) return;
    isTold = true;
    onTrouble(toFileReason(thrown));
  };

  const track = async (work: Promise<void>): Promise<void> => {
    const settled = work.catch(tell);
    pending.add(settled);
    await settled;
    pending.delete(settled);
  };

  const write = async (key: string, answer: Answer): Promise<void> => {
    if (failuresInARow >= FAILURES_IN_A_ROW) return;
    const text = writeEntry({ ...toPlace(key), answer });
    if (text === undefined) return;
    const file = toEntryPath(dir, toPlace(key));
    try {
      await writeEntryFile(file, text, newId());
      failuresInARow = 0;
    } catch (thrown) {
      failuresInARow += 1;
      throw thrown;
    }
  };

  return {
    async get(key) {
      if (isClosed) return undefined;
      try {
        const entry = await read(toEntryPath(dir, toPlace(key)));
        return entry && isAt(entry, toPlace(key)) ? entry.answer : undefined;
      } catch (thrown) {
        tell(thrown);
        return undefined;
      }
    },
    async set(key, answer) {
      if (writes++ % WRITES_PER_SWEEP === 0) void track(takeTurn(() => sweepQuietly(pickFolder(dir, random), now())));
      await track(takeTurn(() => write(key, answer)));
    },
    async close() {
      isClosed = true;
      await Promise.all(pending);
    },
  };
}

/** Tries again where the directory does not exist yet, or was cleared meanwhile, the draft with it. */
async function writeEntryFile(file: string, text: string, id: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await writeAtomically(file, text, { id, mode: OWNER_ONLY_FILE });
      return;
    } catch (thrown) {
      if (systemCodeOf(thrown) !== 'ENOENT' || tries === WRITE_TRIES) throw thrown;
      await makeDirectory(dirname(file), OWNER_ONLY_FOLDER);
    }
  }
}

/** Tidying is nobody's wish: what hinders it hinders no answer. */
async function sweepQuietly(folder: string, now: Date): Promise<void> {
  await sweepFolder(folder, now).catch(() => undefined);
}
