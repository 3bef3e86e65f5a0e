import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect } from 'vitest';
import { parseEntry, readEntry, writeEntry } from '../../src/tracker/cache/cache-directory.ts';
import type { StoredAnswer } from '../../src/tracker/cache/stored-answer.ts';
import { MAX_STORED_BYTES, parseStoredAnswer, toPlaceText, writeStoredAnswer } from '../../src/tracker/cache/stored-answer.ts';
import { testCostly, testProperty } from './cases.ts';
import { mutated, mutatedBytes } from './mutations.ts';
import { anyRun, anyText, day } from './texts.ts';

const source = fc.constantFrom('live' as const, 'cache' as const);
const answeredAt = fc.date({ noInvalidDate: true });
const answer = fc.oneof(
  fc.record({ status: fc.constant('unlisted' as const), source, answeredAt }, { noNullPrototype: true }),
  fc.record(
    {
      status: fc.constant('listed' as const),
      message: fc.oneof(anyText, anyRun),
      family: fc.oneof(anyText, anyRun),
      firstListed: day,
      source,
      answeredAt,
    },
    { requiredKeys: ['status', 'message', 'family', 'source', 'answeredAt'], noNullPrototype: true },
  ),
);
const key = fc.oneof(anyText, fc.constantFrom('panel.example/a', '192.0.2.1'));
const stored: fc.Arbitrary<StoredAnswer> = fc.record(
  { apiUrl: fc.oneof(fc.constant('https://tracker.example/'), anyText), unlistedMessage: anyText, key, answer },
  { noNullPrototype: true },
);
const piece = fc.oneof(
  anyText,
  fc.constantFrom('"status":"unlisted",', '"', '}', ',', '"version":1', '\\u0041', ' ', '1', '-', ':'),
);

/** An answer with an extra, a missing, or a wrong field. */
const changedField = fc
  .tuple(
    stored.map(writeStoredAnswer),
    fc.constantFrom(...'version api_url unlisted_message key status source answered_at message family first_listed x'.split(' ')),
    fc.oneof(
      fc.constantFrom<unknown>(undefined, null, 2, 'listed', 'unlisted', 'snapshot', '2026', '2018-02-30', [], {}),
      anyText,
    ),
  )
  .map(([text, field, value]) => JSON.stringify({ ...(JSON.parse(text) as object), [field]: value }));

const entryOf = (given: StoredAnswer) => Buffer.from(writeEntry(given) ?? '');
const isWritable = (given: StoredAnswer) => writeEntry(given) !== undefined;

describe('a stored answer', () => {
  testProperty('is the same after it was written and read, as text and as an entry', [stored], (given) => {
    expect(parseStoredAnswer(writeStoredAnswer(given))).toStrictEqual(given);
    const written = writeEntry(given);
    if (written !== undefined) expect(parseEntry(Buffer.from(written))).toStrictEqual(given);
    expect(Buffer.byteLength(written ?? '')).toBeLessThanOrEqual(MAX_STORED_BYTES);
    expect(written !== undefined || Buffer.byteLength(writeStoredAnswer(given)) > MAX_STORED_BYTES - 66).toBe(true);
  });

  testProperty(
    'of which a byte was changed is a miss',
    [stored.filter(isWritable), fc.nat(), fc.integer({ min: 1, max: 255 })],
    (given, at, by) => {
      const bytes = entryOf(given);
      const place = at % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ by;
      expect(parseEntry(bytes)).toBeUndefined();
    },
  );

  testProperty(
    'in bytes of any kind is a miss, or the answer that was written',
    [stored.filter(isWritable), mutatedBytes(fc.constant(Buffer.alloc(0))), fc.nat()],
    (given, other, at) => {
      const bytes = entryOf(given);
      const cut = at % (bytes.length + 1);
      for (const changed of [other, bytes.subarray(0, cut), Buffer.concat([bytes, other]), Buffer.concat([other, bytes])]) {
        const read = parseEntry(changed);
        if (read) expect([read, changed.equals(bytes)]).toStrictEqual([given, true]);
      }
    },
  );

  testProperty(
    'in text of any kind is a miss, or an answer that is written again as it was understood',
    [fc.oneof(anyText, changedField, mutated(stored.map(writeStoredAnswer), piece))],
    (text) => {
      const read = parseStoredAnswer(text);
      if (!read) return;
      expect(parseStoredAnswer(writeStoredAnswer(read))).toStrictEqual(read);
      expect(JSON.parse(writeStoredAnswer(read))).toEqual(JSON.parse(text));
    },
  );

  testProperty('has its own place', [key, fc.nat(), key, fc.nat(), fc.boolean()], (text, at, otherText, otherAt, isOneText) => {
    const toPlace = (whole: string, cut: number) => ({
      apiUrl: whole.slice(0, cut),
      unlistedMessage: whole.slice(cut),
      key: whole.slice(cut),
    });
    const one = toPlace(text, at % (text.length + 1));
    const whole = isOneText ? text : otherText;
    const other = toPlace(whole, otherAt % (whole.length + 1));
    const isSame = one.apiUrl === other.apiUrl && one.key === other.key;
    expect(toPlaceText(one) === toPlaceText(other)).toBe(isSame);
  });

  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cct-generated-'));
    return () => rm(directory, { recursive: true });
  });

  const title = 'in a file of any kind is a miss, or the answer that was written';
  const files = [stored.filter(isWritable), fc.boolean(), fc.nat()] as const;
  testCostly(title, { oneOf: 10, why: 'files on the disk' }, files, async (given, isWhole, at) => {
    const file = join(directory, 'entry');
    const bytes = entryOf(given);
    await writeFile(file, isWhole ? bytes : bytes.subarray(0, at % bytes.length));
    expect(await readEntry(file)).toEqual(isWhole ? { ...given, bytes: bytes.length } : undefined);
  });
});
