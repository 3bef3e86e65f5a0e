import { createReadStream } from 'node:fs';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { toAmount } from '../core/amount.ts';
import { CctError, systemCodeOf } from '../core/errors.ts';
import { toFileReason } from './file-reasons.ts';

// Lists and settings are far smaller; this keeps a wrong file or a gzip bomb from filling the memory.
const MAX_TEXT_BYTES = 256 * 1024 * 1024;

/**
 * Reads a UTF-8 file, decompressed when it is gzip, without its byte order mark. Rejects with `input`, naming the file, when it is missing,
 * unreadable, a directory, not UTF-8, incomplete, or longer than `maxBytes` (256 MiB).
 */
export async function readTextFile(file: string, { maxBytes = MAX_TEXT_BYTES }: { maxBytes?: number } = {}): Promise<string> {
  try {
    const bytes = await readBytes(file, maxBytes);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const decompressed = isGzip ? await promisify(gunzip)(bytes, { maxOutputLength: maxBytes }) : bytes;
    return new TextDecoder('utf-8', { fatal: true }).decode(decompressed);
  } catch (thrown) {
    throw new CctError('input', `cannot read ${file}: ${toReason(thrown, maxBytes)}`, { cause: thrown });
  }
}

/** Whether `readTextFile` rejected because the file does not exist. */
export function isMissingFile(thrown: unknown): boolean {
  return thrown instanceof CctError && systemCodeOf(thrown.cause) === 'ENOENT';
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

function toReason(thrown: unknown, maxBytes: number): string {
  if (thrown instanceof RangeError) return `it is larger than ${toAmount(maxBytes, 'byte')}`;
  if (systemCodeOf(thrown)?.startsWith('Z_')) return 'it is not a complete gzip file';
  return toFileReason(thrown);
}
