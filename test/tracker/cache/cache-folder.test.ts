import { existsSync, mkdirSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clearCache, pickFolder, sweepFolder, takeInventory, toEntryPath } from '../../../src/tracker/cache/cache-folder.ts';
import { writeEntry } from '../../../src/tracker/cache/cache-entry.ts';
import { ORIGIN, unlisted } from '../../core/samples.ts';
import { openTempDir } from '../../helpers/run-cct.ts';
import { listFiles } from './cache-files.ts';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-03-10T00:00:00Z');
const isOfMarch = (moment: Date) => moment.getTime() >= Date.UTC(2026, 2, 1);

/** Puts an entry into a cache folder, and gives its path. */
function putEntry(dir: string, key: string, answeredAt = NOW): string {
  const file = toEntryPath(dir, { ...ORIGIN, key });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, writeEntry({ ...ORIGIN, key, answer: { ...unlisted, answeredAt } }) ?? '');
  return file;
}

function toDraftPath(file: string): string {
  return join(dirname(file), `.${basename(file)}.0-1.tmp`);
}

/** Puts a file that is none of cct's into a cache folder. */
function putForeign(dir: string, name: string): void {
  const file = join(dir, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'mine');
}

describe('the folder', () => {
  test('holds an entry by a digest, which does not tell what was asked', () => {
    const file = toEntryPath('/c', { ...ORIGIN, key: 'a.example' });
    expect(file).toMatch(/^\/c\/([0-9a-f]{2})\/\1[0-9a-f]{62}\.answer$/);
    const others = [
      { ...ORIGIN, key: 'b.example' },
      { ...ORIGIN, apiUrl: 'https://other.example/', key: 'a.example' },
      { ...ORIGIN, unlistedMessage: 'Malicious url', key: 'a.example' },
    ].map((place) => toEntryPath('/c', place));
    expect(new Set([file, ...others]).size).toBe(4);
  });
});

describe('an inventory', () => {
  test('of a folder that is not there is empty', async () => {
    expect(await takeInventory(join(openTempDir(), 'none'), isOfMarch)).toEqual({
      entries: 0,
      bytes: 0,
      fresh: 0,
      expired: 0,
      broken: 0,
      oldest: undefined,
      newest: undefined,
    });
  });

  test('counts what is fresh, what is old, and what is broken', async () => {
    const dir = openTempDir();
    const february = new Date('2026-02-01T00:00:00Z');
    putEntry(dir, 'a.example');
    putEntry(dir, 'b.example', february);
    putEntry(dir, 'c.example', new Date('2026-03-02T00:00:00Z'));
    truncateSync(putEntry(dir, 'cut.example'), 100);
    // An entry under the name of another.
    const stranger = toEntryPath(dir, { ...ORIGIN, key: 'd.example' });
    mkdirSync(dirname(stranger), { recursive: true });
    writeFileSync(stranger, writeEntry({ ...ORIGIN, key: 'e.example', answer: unlisted }) ?? '');
    writeFileSync(toDraftPath(stranger), '');
    putForeign(dir, 'notes.txt');
    const bytes = 3 * (writeEntry({ ...ORIGIN, key: 'a.example', answer: unlisted })?.length ?? NaN);
    expect(await takeInventory(dir, isOfMarch)).toEqual({
      entries: 3,
      bytes,
      fresh: 2,
      expired: 1,
      broken: 2,
      oldest: february,
      newest: NOW,
    });
  });

  test('of a file is an error that names it', async () => {
    const file = join(openTempDir(), 'file');
    writeFileSync(file, '');
    await expect(takeInventory(file, isOfMarch)).rejects.toMatchObject({
      code: 'input',
      message: `cannot read the cache ${file}: a part of the path is not a directory`,
    });
  });
});

describe('clearing', () => {
  test('a folder that is not there removes nothing', async () => {
    expect(await clearCache(join(openTempDir(), 'none'))).toBe(0);
  });

  test('removes entries, broken ones and drafts, and the folders that are empty then', async () => {
    const dir = openTempDir();
    const file = putEntry(dir, 'a.example');
    truncateSync(putEntry(dir, 'b.example'), 0);
    writeFileSync(toDraftPath(file), '');
    expect(await clearCache(dir)).toBe(2);
    expect([listFiles(dir), existsSync(dirname(file)), existsSync(dir)]).toEqual([[], false, true]);
  });

  test('leaves alone whatever else is there, wherever it lies', async () => {
    const dir = openTempDir();
    const digits = basename(putEntry(dir, 'a.example')).slice(0, 64);
    const folder = digits.slice(0, 2);
    const foreign = [
      'notes.txt',
      `${folder}/notes.txt`,
      `${folder}/${digits}`,
      `${folder}/${digits}.txt`,
      `${folder}/${'f'.repeat(62)}`,
      `${folder}/sub/${digits}.answer`,
      `00000/${digits}.answer`,
      `objects/ab/${digits}.answer`,
      // In the folder of other digits, where cct would not have put it.
      `${folder === '00' ? '11' : '00'}/${digits}.answer`,
    ];
    for (const name of foreign) putForeign(dir, name);
    mkdirSync(join(dir, folder, `${folder}${'0'.repeat(62)}.answer`));
    const elsewhere = openTempDir();
    putForeign(elsewhere, `${'2'.repeat(64)}.answer`);
    if (!existsSync(join(dir, '22'))) symlinkSync(elsewhere, join(dir, '22'));
    symlinkSync(join(elsewhere, `${'2'.repeat(64)}.answer`), join(dir, folder, `${folder}${'1'.repeat(62)}.answer`));
    const before = listFiles(dir);
    expect(await clearCache(dir)).toBe(1);
    expect(listFiles(dir)).toEqual(before.filter((name) => name !== `${folder}/${digits}.answer`));
    expect(listFiles(elsewhere)).toEqual([`${'2'.repeat(64)}.answer`]);
    expect(listFiles(dir)).toHaveLength(foreign.length + 2);
  });

  test('a file is an error that names it, and leaves it', async () => {
    const file = join(openTempDir(), 'file');
    writeFileSync(file, 'mine');
    await expect(clearCache(file)).rejects.toMatchObject({
      code: 'output',
      message: `cannot clear the cache ${file}: a part of the path is not a directory`,
    });
    expect(existsSync(file)).toBe(true);
  });
});

describe('a sweep', () => {
  test('picks one of 256 folders by chance', () => {
    expect([0, 0.5, 0.999_999].map((chance) => pickFolder('/c', () => chance))).toEqual(['/c/00', '/c/80', '/c/ff']);
  });

  test('removes entries of more than 7 days and drafts of more than an hour, and nothing else', async () => {
    const dir = openTempDir();
    const folder = join(dir, 'aa');
    const aged: [string, number][] = [
      [`${'a'.repeat(64)}.answer`, 7 * DAY_MS + 1000],
      [`${'a'.repeat(63)}b.answer`, 7 * DAY_MS - 1000],
      [`.${'a'.repeat(64)}.answer.0-1.tmp`, 3_601_000],
      [`.${'a'.repeat(64)}.answer.0-2.tmp`, 3_599_000],
      ['notes.txt', 100 * DAY_MS],
    ];
    for (const [name, ageMs] of aged) {
      putForeign(folder, name);
      const at = new Date(NOW.getTime() - ageMs);
      utimesSync(join(folder, name), at, at);
    }
    await sweepFolder(folder, NOW);
    expect(listFiles(folder)).toEqual([`.${'a'.repeat(64)}.answer.0-2.tmp`, `${'a'.repeat(63)}b.answer`, 'notes.txt']);
  });

  test('of a folder that is not there does nothing', async () => {
    await expect(sweepFolder(join(openTempDir(), 'aa'), NOW)).resolves.toBeUndefined();
  });
});
