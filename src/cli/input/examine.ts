import { fstat } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { isGzip } from '../../files/unpack.ts';
import type { MaybeTerminal } from '../io.ts';

export interface ExamineOptions {
  /** Called only if stdin is examined: opening it takes time. */
  readonly openStdin: () => MaybeTerminal<Readable>;
  /** Maximum size of a regular file that is checked whole before any lookup. Default 64 MiB. */
  readonly maxCheckedBytes?: number;
}

/** What a path names, which determines how it is read. */
export interface Examined {
  readonly kind: 'checked' | 'stream' | 'directory';
  /** Undefined if it is not a regular file. */
  readonly bytes?: number;
}

const MAX_CHECKED_BYTES = 64 * 1024 * 1024;

/** Classifies an input. It is a stream if it may be endless or is too long to be checked first. If it cannot be examined, reading it will fail. */
export async function examine(
  path: string,
  { openStdin, maxCheckedBytes = MAX_CHECKED_BYTES }: ExamineOptions,
): Promise<Examined> {
  const fd = path === '-' ? descriptorOf(openStdin()) : undefined;
  if (path === '-' && fd === undefined) return { kind: 'stream' };
  try {
    const found = await (fd === undefined ? stat(path) : promisify(fstat)(fd));
    if (found.isDirectory()) return { kind: path === '-' ? 'checked' : 'directory' };
    const isShort = found.isFile() && found.size <= maxCheckedBytes;
    const kind = isShort && !(path !== '-' && (await isGzipFile(path))) ? 'checked' : 'stream';
    return found.isFile() ? { kind, bytes: found.size } : { kind };
  } catch {
    return { kind: 'checked' };
  }
}

function descriptorOf(stream: Readable): number | undefined {
  return 'fd' in stream && typeof stream.fd === 'number' ? stream.fd : undefined;
}

/** A compressed file may be far longer than it seems. */
async function isGzipFile(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return isGzip(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}
