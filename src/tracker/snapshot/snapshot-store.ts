import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { toAmount } from '../../core/amount.ts';
import { CctError, systemCodeOf, toCctError } from '../../core/errors.ts';
import { namingFile, toFileReason } from '../../files/file-reasons.ts';
import type { Snapshot } from './snapshot-file.ts';
import { parseSnapshot, writeSnapshot } from './snapshot-file.ts';

// The whole list is under 1 MiB; this only keeps a wrong file or a gzip bomb from filling the memory.
const MAX_TEXT_BYTES = 256 * 1024 * 1024;
const STALE_AFTER_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Where the installed snapshot lies in that folder. */
export function installedSnapshotPath(dir: string): string {
  return path.join(dir, 'snapshot.tsv');
}

/**
 * Reads a snapshot file, packed with gzip or not. Rejects with `no-snapshot` when there is no such file, and with `input`,
 * naming the file, when it cannot be read or is not a whole snapshot.
 */
export async function readSnapshotFile(file: string): Promise<Snapshot> {
  const text = await readTextFile(file).catch((thrown: unknown) => {
    if (!isMissing(thrown)) throw thrown;
    throw new CctError(
      'no-snapshot',
      `no snapshot at ${file}; install one with \`cct snapshot update\` or \`cct snapshot import FILE\``,
      {
        cause: thrown,
      },
    );
  });
  return namingFile(file, () => parseSnapshot(text));
}

/** Reads a snapshot file that the user named. Rejects with `input`, naming the file, also when there is no such file. */
export async function readNamedSnapshot(file: string): Promise<Snapshot> {
  const text = await readTextFile(file);
  return namingFile(file, () => parseSnapshot(text));
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof CctError && thrown.cause instanceof Error && systemCodeOf(thrown.cause) === 'ENOENT';
}

/**
 * The text of a UTF-8 file, unpacked when it begins as gzip does, without a byte order mark. Rejects with `input`, naming the
 * file, when it is missing, unreadable, a folder, broken, not UTF-8, or longer than `maxBytes` (256 MiB).
 */
export async function readTextFile(file: string, { maxBytes = MAX_TEXT_BYTES }: { maxBytes?: number } = {}): Promise<string> {
  try {
    const bytes = await readBytes(file, maxBytes);
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const unpacked = isPacked ? await promisify(gunzip)(bytes, { maxOutputLength: maxBytes }) : bytes;
    return new TextDecoder('utf-8', { fatal: true }).decode(unpacked);
  } catch (thrown) {
    throw new CctError('input', `cannot read ${file}: ${toReason(thrown, maxBytes)}`, { cause: thrown });
  }
}

async function readBytes(file: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const stream: AsyncIterable<Buffer> = createReadStream(file);
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > maxBytes) throw new RangeError('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

export interface InstallOptions {
  /** Ends the installation with its reason, a `CctError`, as long as the old snapshot is still in place. */
  readonly signal: AbortSignal;
  readonly now: Date;
}

/**
 * Writes the snapshot so that the file is always whole, the old one or the new one: into a new folder beside it, to the disk,
 * then moved. Makes the folder where needed, and clears away what installations that were killed left behind. Rejects with `output`,
 * naming the file; then nothing is left behind.
 */
export async function installSnapshot(file: string, snapshot: Snapshot, { signal, now }: InstallOptions): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await clearDrafts(file, now);
    // A folder of its own has a name that no other process has, and goes whole.
    const draftDir = await mkdtemp(`${file}${DRAFT_SUFFIX}`);
    try {
      const draft = path.join(draftDir, path.basename(file));
      await writeFile(draft, writeSnapshot(snapshot), { flush: true });
      if (signal.aborted) throw toCctError(signal.reason);
      await rename(draft, file);
    } finally {
      await rm(draftDir, { recursive: true, force: true });
    }
  } catch (thrown) {
    if (thrown instanceof CctError) throw thrown;
    throw new CctError('output', `cannot write ${file}: ${toReason(thrown)}`, { cause: thrown });
  }
}

// Of its own, so that nothing that a person put there has such a name.
const DRAFT_SUFFIX = '.cct-draft-';
// An installation takes a second; an hour lets one sleep with its machine.
const DRAFT_STALE_MS = 60 * 60 * 1000;

/** Removes the drafts beside the file that nobody works on any more. What cannot be removed stays: it is in nobody's way. */
async function clearDrafts(file: string, now: Date): Promise<void> {
  const dir = path.dirname(file);
  const prefix = `${path.basename(file)}${DRAFT_SUFFIX}`;
  const names = await readdir(dir).catch(() => []);
  const drafts = names.filter((name) => name.startsWith(prefix) && /^[A-Za-z0-9]{6}$/.test(name.slice(prefix.length)));
  for (const draft of drafts.map((name) => path.join(dir, name))) {
    const found = await stat(draft).catch(() => null);
    if (!found?.isDirectory() || now.getTime() - found.mtimeMs <= DRAFT_STALE_MS) continue;
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
  }
}

function toReason(thrown: unknown, maxBytes = MAX_TEXT_BYTES): string {
  const code = systemCodeOf(thrown);
  if (thrown instanceof RangeError) return `it is larger than ${toAmount(maxBytes, 'byte')}`;
  if (code?.startsWith('Z_')) return 'it is not a complete gzip file';
  return toFileReason(thrown);
}

/** A line for people when the snapshot is older than 30 days, else null. */
export function toStalenessNote({ date }: Pick<Snapshot, 'date'>, now: Date): string | null {
  const ageDays = Math.floor((now.getTime() - Date.parse(`${date}T00:00:00Z`)) / DAY_MS);
  if (ageDays <= STALE_AFTER_DAYS) return null;
  return `the snapshot of ${date} is ${toAmount(ageDays, 'day')} old; later entries are missing`;
}
