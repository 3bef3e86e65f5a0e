import type { StoredAnswer } from '../../../src/tracker/cache/stored-answer.ts';
import { writeEntry } from '../../../src/tracker/cache/cache-entry.ts';
import { ORIGIN, toListed, unlisted } from '../../core/samples.ts';

/** An answer, and the bytes of its entry. */
export const STORED: StoredAnswer = {
  ...ORIGIN,
  key: 'evil.example/b\u00FCcher',
  answer: toListed({ firstListed: '2020-01-02' }),
};
export const BYTES = Buffer.from(writeEntry(STORED) ?? '');

/** An answer whose entry is exactly so long. */
export function storeOfSize(bytes: number): StoredAnswer {
  const empty = { ...ORIGIN, key: '', answer: unlisted };
  return { ...empty, key: 'a'.repeat(bytes - (writeEntry(empty) ?? '').length) };
}
