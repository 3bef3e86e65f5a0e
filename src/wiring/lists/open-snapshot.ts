import { stat } from 'node:fs/promises';
import { toLatestDay } from '../../core/day.ts';
import { CctError } from '../../core/errors.ts';
import type { Snapshot } from '../../tracker/snapshot/snapshot-file.ts';
import { parseSnapshot } from '../../tracker/snapshot/snapshot-file.ts';
import {
  installedSnapshotPath,
  readNamedSnapshot,
  readSnapshotFile,
  toStalenessNote,
} from '../../tracker/snapshot/snapshot-store.ts';
import { userDirectory } from '../../files/user-directories.ts';
import type { Setup } from '../setup.ts';

/** A snapshot, its path (null: built in), and a note if it is old. */
export interface OpenedSnapshot {
  readonly snapshot: Snapshot;
  readonly path: string | null;
  readonly note: string | null;
}

/** The path of the installed snapshot. */
export function installedPath({ env }: Pick<Setup['io'], 'env'>): string {
  return installedSnapshotPath(userDirectory('data', env));
}

/** Whether there is a file at that path. */
export async function isInstalled(io: Pick<Setup['io'], 'env'>): Promise<boolean> {
  return (await stat(installedPath(io)).catch(() => undefined)) !== undefined;
}

/** Opens the named snapshot (`sample`: the built-in one), else the installed one. Rejects with `no-snapshot` if none is installed, else `input`. */
export async function openSnapshot(
  name: string | undefined,
  { io, signal }: Pick<Setup, 'io' | 'signal'>,
): Promise<OpenedSnapshot> {
  if (name === 'sample') {
    const { sampleSnapshotText } = await import('../../tracker/snapshot/sample-snapshot.ts');
    return { snapshot: parseSnapshot(sampleSnapshotText), path: null, note: null };
  }
  const path = name ?? installedPath(io);
  const snapshot = await (name === undefined ? readSnapshotFile(path, signal) : readNamedSnapshot(path, signal));
  return { snapshot, path, note: toStalenessNote(snapshot, io.now()) };
}

/** Opens the snapshot at a path; null if the file does not exist. Rejects with `input` and the file's name. */
export async function openInstalled(path: string): Promise<Snapshot | null> {
  try {
    return await readSnapshotFile(path);
  } catch (thrown) {
    if (thrown instanceof CctError && thrown.code === 'no-snapshot') return null;
    throw thrown;
  }
}

/** Describes a snapshot, as `snapshot info` prints it; `path` is null for the built-in one. */
export function toSnapshotFacts({ date, origin, entries }: Snapshot, path: string | null, now: Date) {
  // The tracker's spelling of a family varies in case (`ZeuS`, `Zeus`).
  const families = new Set(entries.map(({ family }) => family.toLowerCase()).filter((family) => family !== ''));
  const lastDay = toLatestDay(now);
  const dates = entries.map((entry) => entry.date).filter((day) => day !== '' && day <= lastDay);
  const oldest = dates.reduce((one, other) => (other < one ? other : one), dates[0] ?? '');
  return {
    date,
    origin,
    entries: entries.length,
    families: families.size,
    first_listed: oldest || null,
    last_listed: dates.reduce((one, other) => (other > one ? other : one), '') || null,
    path,
  };
}
