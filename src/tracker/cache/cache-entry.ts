import { hash } from 'node:crypto';
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
