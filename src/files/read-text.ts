import { createReadStream } from 'node:fs';
import { promisify } from 'node:util';
import { formatCount, toAmount } from '../core/amount.ts';
import { CctError, systemCodeOf, toCctError } from '../core/errors.ts';
import { readUntilAborted } from './abortable.ts';
import { toFileReason } from './file-reasons.ts';
import { isGzip } from './unpack.ts';

// Lists and settings are far smaller. This keeps a wrong file or a gzip bomb from exhausting memory.
const MAX_TEXT_BYTES = 64 * 1024 * 1024;
// A line may become an object of a hundred bytes, however short it is.
const MAX_LINES = 2_000_000;
const LINE_FEED = 0x0a;

export interface ReadTextOptions {
  /** Default 64 MiB. */
  readonly maxBytes?: number;
  /** Aborts reading with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a UTF-8 file, decompressing gzip and dropping the byte order mark. Rejects with `input` and the file's name if it is missing,
 * unreadable, a directory, not UTF-8, incomplete, longer than `maxBytes` (64 MiB), or has more than 2,000,000 lines.
 */
export async function readTextFile(file: string, { maxBytes = MAX_TEXT_BYTES, signal }: ReadTextOptions = {}): Promise<string> {
  try {
    const bytes = await readBytes(file, maxBytes, signal);
    const decompressed = isGzip(bytes) ? await gunzip(bytes, maxBytes) : bytes;
    if (hasMoreLines(decompressed, MAX_LINES)) throw new RangeError(`it has more than ${formatCount(MAX_LINES)} lines`);
    return new TextDecoder('utf-8', { fatal: true }).decode(decompressed);
  } catch (thrown) {
    if (signal?.aborted) throw toCctError(signal.reason);
    throw new CctError('input', `cannot read ${file}: ${toReason(thrown, maxBytes)}`, { cause: thrown });
  }
}

/** Whether `readTextFile` rejected because the file does not exist. */
export function isMissingFile(thrown: unknown): boolean {
  return thrown instanceof CctError && systemCodeOf(thrown.cause) === 'ENOENT';
}

async function gunzip(bytes: Buffer, maxOutputLength: number): Promise<Buffer> {
  const zlib = await import('node:zlib');
  return promisify(zlib.gunzip)(bytes, { maxOutputLength });
}

async function readBytes(file: string, maxBytes: number, signal?: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of readUntilAborted(createReadStream(file), signal)) {
    length += chunk.length;
    if (length > maxBytes) throw new RangeError(toTooLarge(maxBytes));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function hasMoreLines(bytes: Buffer, maxLines: number): boolean {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1 && lines <= maxLines; at = bytes.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines > maxLines;
}

function toReason(thrown: unknown, maxBytes: number): string {
  if (systemCodeOf(thrown) === 'ERR_BUFFER_TOO_LARGE') return toTooLarge(maxBytes);
  if (thrown instanceof RangeError) return thrown.message;
  if (systemCodeOf(thrown)?.startsWith('Z_')) return 'it is not a complete gzip file';
  return toFileReason(thrown);
}

function toTooLarge(maxBytes: number): string {
  return `it is larger than ${toAmount(maxBytes, 'byte')}`;
}
