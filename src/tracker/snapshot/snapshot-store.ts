import { lstat, readdir, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { toAmount } from '../../core/amount.ts';
import { DAY_MS } from '../../core/day.ts';
import { CctError } from '../../core/errors.ts';
import { makeDirectory, toTargetName, writeAtomically } from '../../files/atomic-file.ts';
import { asOutputError, namingFile } from '../../files/file-reasons.ts';
import { isMissingFile, readTextFile } from '../../files/read-text.ts';
import type { Snapshot } from './snapshot-file.ts';
import { parseSnapshot, writeSnapshot } from './snapshot-file.ts';

const STALE_AFTER_DAYS = 30;

/** The path of the installed snapshot in the data directory. */
export function installedSnapshotPath(dir: string): string {
  return path.join(dir, 'snapshot.tsv');
}

/**
 * Reads the installed snapshot, compressed with gzip or not. Rejects with `no-snapshot` if the file does not exist, and with `input` and
 * the file's name if it cannot be read or is incomplete.
 */
export async function readSnapshotFile(file: string, signal?: AbortSignal): Promise<Snapshot> {
  try {
    return await readNamedSnapshot(file, signal);
  } catch (thrown) {
    if (!isMissingFile(thrown)) throw thrown;
    const hint = 'install one with `cct snapshot update` or `cct snapshot import FILE`';
    throw new CctError('no-snapshot', `no snapshot at ${file}; ${hint}`, { cause: thrown });
  }
}

/** Reads a snapshot file that the user named. Rejects with `input` and the file's name, also if it does not exist. */
export async function readNamedSnapshot(file: string, signal?: AbortSignal): Promise<Snapshot> {
  const text = await readTextFile(file, { signal });
  return namingFile(file, () => parseSnapshot(text));
}

// Before the umask. Not writable by others, but readable, because the relay may run as a different user.
const DIRECTORY_MODE = 0o755;
const FILE_MODE = 0o644;

export interface InstallOptions {
  /** Aborts the installation with its reason, a `CctError`, unless the old snapshot is already replaced. */
  readonly signal: AbortSignal;
  readonly now: Date;
}

/**
 * Writes the snapshot to disk and replaces the installed one atomically. Creates the directory if needed, and removes leftovers of killed
 * installations. Only the owner can write to the results. Rejects with `output` and the file's name.
 */
export async function installSnapshot(file: string, snapshot: Snapshot, { signal, now }: InstallOptions): Promise<void> {
  await asOutputError(file, async () => {
    await makeDirectory(path.dirname(file), DIRECTORY_MODE);
    await removeStaleDrafts(file, now);
    await writeAtomically(file, writeSnapshot(snapshot), { mode: FILE_MODE, isSynced: true, signal });
  });
}

// An installation takes a second. An hour allows for a machine that was suspended.
const DRAFT_STALE_MS = 60 * 60 * 1000;

/** Removes drafts of the file that are older than an hour. Ignores failures. */
async function removeStaleDrafts(file: string, now: Date): Promise<void> {
  const dir = path.dirname(file);
  const names = await readdir(dir).catch(() => []);
  const drafts = names.filter((name) => toTargetName(name) === path.basename(file));
  for (const draft of drafts.map((name) => path.join(dir, name))) {
    const found = await lstat(draft).catch(() => null);
    if (!found?.isFile() || now.getTime() - found.mtimeMs <= DRAFT_STALE_MS) continue;
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

/** A note if the snapshot is older than 30 days or its date is in the future, else null. */
export function toStalenessNote({ date }: Pick<Snapshot, 'date'>, now: Date): string | null {
  const ageDays = Math.floor((now.getTime() - Date.parse(`${date}T00:00:00Z`)) / DAY_MS);
  // The latest date in any time zone is one day ahead of UTC.
  if (ageDays < -1) return `the date of the snapshot, ${date}, is in the future; import its list again with --date DAY`;
  if (ageDays <= STALE_AFTER_DAYS) return null;
  return `the snapshot of ${date} is ${toAmount(ageDays, 'day')} old; later entries are missing`;
}
