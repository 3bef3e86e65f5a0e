import { existsSync, mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  clearCache,
  parseEntry,
  pickShard,
  readEntry,
  sweepShard,
  takeInventory,
  toEntryPath,
  writeEntry,
} from '../../../src/tracker/cache/cache-directory.ts';
import type { StoredAnswer } from '../../../src/tracker/cache/stored-answer.ts';
import { MAX_STORED_BYTES } from '../../../src/tracker/cache/stored-answer.ts';
import { ORIGIN, toListed, unlisted } from '../../core/samples.ts';
import { openTempDir } from '../../helpers/run-cct.ts';
import { listFiles } from './cache-files.ts';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-03-10T00:00:00Z');
const isOfMarch = (moment: Date) => moment.getTime() >= Date.UTC(2026, 2, 1);

const STORED: StoredAnswer = {
  ...ORIGIN,
  key: 'evil.example/b\u00FCcher',
  answer: toListed({ firstListed: '2020-01-02' }),
};
const BYTES = Buffer.from(writeEntry(STORED) ?? '');

/** An answer whose entry has this size. */
function storeOfSize(bytes: number): StoredAnswer {
  const empty = { ...ORIGIN, key: '', answer: unlisted };
  return { ...empty, key: 'a'.repeat(bytes - (writeEntry(empty) ?? '').length) };
}

/** Writes a file and its directories. */
function put(file: string, content: string | Uint8Array = 'mine'): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** Writes an entry into a cache directory and returns its path. */
function putEntry(dir: string, key: string, answeredAt = NOW): string {
  return put(toEntryPath(dir, { ...ORIGIN, key }), writeEntry({ ...ORIGIN, key, answer: { ...unlisted, answeredAt } }));
}

const toDraftPath = (file: string) => join(dirname(file), `.${basename(file)}.0-1.tmp`);

describe('an entry', () => {
  test('is under a digest, which does not show what was looked up', () => {
    const file = toEntryPath('/c', { ...ORIGIN, key: 'a.example' });
    expect(file).toMatch(/^\/c\/([0-9a-f]{2})\/\1[0-9a-f]{62}\.answer$/);
    const others = [
      { ...ORIGIN, key: 'b.example' },
      { ...ORIGIN, apiUrl: 'https://other.example/', key: 'a.example' },
      { ...ORIGIN, unlistedMessage: 'Malicious url', key: 'a.example' },
    ].map((place) => toEntryPath('/c', place));
    expect(new Set([file, ...others]).size).toBe(4);
  });

  test('is a line with the digest of the line after it', () => {
    expect(BYTES.toString('utf8')).toMatch(/^[0-9a-f]{64}\n\{.*\}\n$/);
    expect([parseEntry(BYTES), parseEntry(Buffer.concat([BYTES, Buffer.from('\n')]))]).toEqual([STORED, undefined]);
  });

  test('has at most 64 KiB, in bytes and not in characters', () => {
    const { key } = storeOfSize(MAX_STORED_BYTES);
    const sizes = [key, `${key}a`, `\u00FC${key.slice(1)}`].map(
      (one) => writeEntry({ ...STORED, answer: unlisted, key: one })?.length,
    );
    expect(sizes).toEqual([MAX_STORED_BYTES, undefined, undefined]);
  });
});

describe('reading an entry', () => {
  test('returns its answer and its size, up to 64 KiB', async () => {
    const dir = openTempDir();
    const long = storeOfSize(MAX_STORED_BYTES);
    const files = [put(join(dir, 'short'), BYTES), put(join(dir, 'long'), writeEntry(long)), put(join(dir, 'longer'))];
    writeFileSync(join(dir, 'longer'), `${writeEntry(long) ?? ''}\n`);
    expect(await Promise.all(files.map(readEntry))).toEqual([
      { ...STORED, bytes: BYTES.length },
      { ...long, bytes: MAX_STORED_BYTES },
      undefined,
    ]);
  });

  test('returns nothing where there is no file, a directory, or a link to an entry', async () => {
    const dir = openTempDir();
    symlinkSync(put(join(dir, 'entry'), BYTES), join(dir, 'link'));
    mkdirSync(join(dir, 'directory'));
    const read = await Promise.all(['none', 'link', 'directory'].map((name) => readEntry(join(dir, name))));
    expect(read).toEqual([undefined, undefined, undefined]);
  });

  test('rejects with any other error', async () => {
    const file = put(join(openTempDir(), 'entry'), BYTES);
    await expect(readEntry(join(file, 'below a file'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});

describe('an inventory', () => {
  test('of a missing directory is empty', async () => {
    const nothing = { entries: 0, bytes: 0, fresh: 0, expired: 0, broken: 0, oldest: undefined, newest: undefined };
    expect(await takeInventory(join(openTempDir(), 'none'), isOfMarch)).toEqual(nothing);
  });

  test('counts fresh, expired and broken entries', async () => {
    const dir = openTempDir();
    const february = new Date('2026-02-01T00:00:00Z');
    putEntry(dir, 'a.example');
    putEntry(dir, 'b.example', february);
    putEntry(dir, 'c.example', new Date('2026-03-02T00:00:00Z'));
    truncateSync(putEntry(dir, 'cut.example'), 100);
    const entry = writeEntry({ ...ORIGIN, key: 'e.example', answer: unlisted }) ?? '';
    const foreign = put(toEntryPath(dir, { ...ORIGIN, key: 'd.example' }), entry);
    put(toDraftPath(foreign));
    put(join(dir, 'notes.txt'));
    expect(await takeInventory(dir, isOfMarch)).toEqual({
      entries: 3,
      bytes: 3 * entry.length,
      fresh: 2,
      expired: 1,
      broken: 2,
      oldest: february,
      newest: NOW,
    });
  });
});

describe('clearing', () => {
  test('a missing directory removes nothing', async () => {
    expect(await clearCache(join(openTempDir(), 'none'))).toBe(0);
  });

  test('removes entries, broken ones, drafts, and directories that are empty then', async () => {
    const dir = openTempDir();
    const file = putEntry(dir, 'a.example');
    truncateSync(putEntry(dir, 'b.example'), 0);
    put(toDraftPath(file));
    expect(await clearCache(dir)).toBe(2);
    expect([listFiles(dir), existsSync(dirname(file)), existsSync(dir)]).toEqual([[], false, true]);
  });

  test('leaves alone whatever else is there, wherever it lies', async () => {
    const dir = openTempDir();
    const digits = basename(putEntry(dir, 'a.example')).slice(0, 64);
    const shard = digits.slice(0, 2);
    const foreign = [
      'notes.txt',
      `${shard}/notes.txt`,
      `${shard}/${digits}`,
      `${shard}/${digits}.txt`,
      `${shard}/${'f'.repeat(62)}`,
      `${shard}/sub/${digits}.answer`,
      `${shard}/.${digits}.txt.0-1.tmp`,
      `00000/${digits}.answer`,
      `objects/ab/${digits}.answer`,
      // In the directory of other digits, where cct would not have put it.
      `${shard === '00' ? '11' : '00'}/${digits}.answer`,
    ];
    for (const name of foreign) put(join(dir, name));
    mkdirSync(join(dir, shard, `${shard}${'0'.repeat(62)}.answer`));
    const elsewhere = openTempDir();
    const target = put(join(elsewhere, `${'2'.repeat(64)}.answer`));
    symlinkSync(elsewhere, join(dir, '22'));
    symlinkSync(target, join(dir, shard, `${shard}${'1'.repeat(62)}.answer`));
    const before = listFiles(dir);
    expect(await clearCache(dir)).toBe(1);
    expect(listFiles(dir)).toEqual(before.filter((name) => name !== `${shard}/${digits}.answer`));
    expect(listFiles(elsewhere)).toEqual([basename(target)]);
    expect(listFiles(dir)).toHaveLength(foreign.length + 2);
  });
});

test.each([
  ['takeInventory', (file: string) => takeInventory(file, isOfMarch), 'input', 'cannot read the cache'],
  ['clearCache', clearCache, 'output', 'cannot clear the cache'],
])('%s of a file is an error that names it', async (_name, run, code, what) => {
  const file = put(join(openTempDir(), 'file'));
  await expect(run(file)).rejects.toMatchObject({ code, message: `${what} ${file}: a part of the path is not a directory` });
  expect(existsSync(file)).toBe(true);
});

describe('a sweep', () => {
  test('picks one of 256 subdirectories by chance', () => {
    expect([0, 0.5, 0.999_999].map((chance) => pickShard('/c', () => chance))).toEqual(['/c/00', '/c/80', '/c/ff']);
  });

  test('removes entries older than 7 days and drafts older than an hour, and nothing else', async () => {
    const shard = join(openTempDir(), 'aa');
    const [a, b] = [`${'a'.repeat(64)}.answer`, `${'a'.repeat(63)}b.answer`];
    const ages: [string, number][] = [
      [a, 7 * DAY_MS + 1000],
      [b, 7 * DAY_MS - 1000],
      [`.${a}.0-1.tmp`, 3_601_000],
      [`.${a}.0-2.tmp`, 3_599_000],
      ['notes.txt', 100 * DAY_MS],
    ];
    for (const [name, ageMs] of ages) {
      const at = new Date(NOW.getTime() - ageMs);
      utimesSync(put(join(shard, name)), at, at);
    }
    await sweepShard(shard, NOW);
    expect(listFiles(shard)).toEqual([`.${a}.0-2.tmp`, b, 'notes.txt']);
  });

  test('of a missing directory does nothing', async () => {
    await expect(sweepShard(join(openTempDir(), 'aa'), NOW)).resolves.toBeUndefined();
  });
});
