import { dirname } from 'node:path';
import pLimit from 'p-limit';
import { systemCodeOf } from '../../core/errors.ts';
import type { Answer } from '../../core/lookups/tracker.ts';
import { makeDirectory, writeAtomically } from '../../files/atomic-file.ts';
import { toFileReason } from '../../files/file-reasons.ts';
import type { AnswerStore } from './answer-store.ts';
import { pickShard, readEntry, sweepShard, toEntryPath, writeEntry } from './cache-directory.ts';
import { createPrivacyCheck } from './private-directory.ts';
import type { AnswerOrigin, AnswerPlace } from './stored-answer.ts';
import { isAt } from './stored-answer.ts';

export interface DiskStoreOptions extends AnswerOrigin {
  /** The cache directory, which is created with the first answer. */
  readonly dir: string;
  readonly now: () => Date;
  /** A number from 0 to below 1. */
  readonly random: () => number;
  /** Returns a UUID. */
  readonly newId: () => string;
  /** The user id of this process; undefined on Windows, where permissions are not checked. */
  readonly userId: number | undefined;
  /** Called once, with the reason why the directory cannot be used. */
  readonly onTrouble: (reason: string) => void;
}

// Some systems allow a process only 256 open files.
const WRITES_AT_ONCE = 8;
// Stop writing after repeated failures, for example on a full disk.
const FAILURES_IN_A_ROW = 8;
// One shard is swept per this many writes, so that the directory does not grow without limit.
const WRITES_PER_SWEEP = 128;
// The cache may be cleared during a write, but not repeatedly.
const WRITE_TRIES = 5;
const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;

/**
 * Stores answers in a directory that many processes can share. Each key has a file, written atomically and readable only by its owner.
 * Broken entries are misses; entries above 64 KiB are not stored. Does not use a directory that others own or can write to, and does not
 * follow links in it. Never rejects; reports trouble once.
 */
export function openDiskStore(options: DiskStoreOptions): AnswerStore {
  const { dir, apiUrl, unlistedMessage, now, random, newId, userId, onTrouble } = options;
  const toPlace = (key: string): AnswerPlace => ({ apiUrl, unlistedMessage, key });
  const limit = pLimit(WRITES_AT_ONCE);
  let writes = 0;
  let failuresInARow = 0;
  let isReported = false;
  const requirePrivate = createPrivacyCheck(dir, userId);

  const report = (thrown: unknown): void => {
    if (!isReported) onTrouble(toFileReason(thrown));
    isReported = true;
  };

  const write = async (key: string, answer: Answer): Promise<void> => {
    if (failuresInARow >= FAILURES_IN_A_ROW) return;
    try {
      const text = writeEntry({ ...toPlace(key), answer });
      if (text === undefined) return;
      await writeEntryFile(toEntryPath(dir, toPlace(key)), text, { id: newId(), requirePrivate });
      failuresInARow = 0;
    } catch (thrown) {
      failuresInARow += 1;
      report(thrown);
    }
    // A failed sweep only costs disk space.
    if (writes++ % WRITES_PER_SWEEP === 0) await sweep(pickShard(dir, random)).catch(() => undefined);
  };
  const sweep = async (shard: string): Promise<void> => {
    requirePrivate(shard);
    await sweepShard(shard, now());
  };
  const read = async (place: AnswerPlace): Promise<Answer | undefined> => {
    const file = toEntryPath(dir, place);
    try {
      requirePrivate(dirname(file));
      const entry = await readEntry(file);
      return entry && isAt(entry, place) ? entry.answer : undefined;
    } catch (thrown) {
      if (systemCodeOf(thrown) !== 'ENOENT') report(thrown);
      return undefined;
    }
  };

  return {
    get: (key) => read(toPlace(key)),
    set: (key, answer) => limit(() => write(key, answer)),
    close: () => Promise.resolve(),
  };
}

interface WriteOptions {
  readonly id: string;
  readonly requirePrivate: (subdirectory: string) => void;
}

/** Retries if the directory does not exist yet, or was cleared together with the draft. */
async function writeEntryFile(file: string, text: string, { id, requirePrivate }: WriteOptions): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      requirePrivate(dirname(file));
      await writeAtomically(file, text, { id, mode: OWNER_ONLY_FILE });
      return;
    } catch (thrown) {
      if (systemCodeOf(thrown) !== 'ENOENT' || tries === WRITE_TRIES) throw thrown;
      await makeDirectory(dirname(file), OWNER_ONLY_DIRECTORY);
    }
  }
}
