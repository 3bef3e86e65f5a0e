import { describe, expect, test } from 'vitest';
import { parseEntry, writeEntry } from '../../../src/tracker/cache/cache-entry.ts';
import { MAX_STORED_BYTES } from '../../../src/tracker/cache/stored-answer.ts';
import { unlisted } from '../../core/samples.ts';
import { BYTES, STORED, storeOfSize } from './stored-samples.ts';

describe('an entry', () => {
  test('is a line with the digest of the line after it', () => {
    expect(BYTES.toString('utf8')).toMatch(/^[0-9a-f]{64}\n\{.*\}\n$/);
    expect(parseEntry(BYTES)).toEqual(STORED);
  });

  test('with any byte changed, cut off or added is none', () => {
    for (let at = 0; at < BYTES.length; at += 1) {
      const changed = Buffer.from(BYTES);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect([at, parseEntry(changed), parseEntry(BYTES.subarray(0, at))]).toEqual([at, undefined, undefined]);
    }
    expect(parseEntry(Buffer.concat([BYTES, Buffer.from('\n')]))).toBeUndefined();
  });

  test('is as long as an entry may be, and no longer', () => {
    expect(writeEntry(storeOfSize(MAX_STORED_BYTES))).toHaveLength(MAX_STORED_BYTES);
    expect(writeEntry(storeOfSize(MAX_STORED_BYTES + 1))).toBeUndefined();
  });

  test('is measured in bytes, not in characters', () => {
    const { key } = storeOfSize(MAX_STORED_BYTES);
    expect(writeEntry({ ...STORED, answer: unlisted, key: `\u00FC${key.slice(1)}` })).toBeUndefined();
  });
});
