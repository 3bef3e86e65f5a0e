import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { toEntryPath } from '../../../src/tracker/cache/cache-directory.ts';
import { ORIGIN, toListed, unlisted } from '../../core/samples.ts';
import { openTempDir } from '../../helpers/run-cct.ts';
import { listFiles } from './cache-files.ts';
import { describeStoreContract } from './store-contract.ts';
import { KEY, openFilledDisk, openDisk } from './open-stores.ts';

describeStoreContract('a disk', () => openDisk().store);

test('processes share answers, and trackers do not', async () => {
  const { dir } = await openFilledDisk();
  const [same, other] = [openDisk({ dir }), openDisk({ dir, apiUrl: 'https://other.example/' })];
  expect([await same.store.get(KEY), await other.store.get(KEY)]).toStrictEqual([toListed(), undefined]);
});

test('only the owner can look at what was asked, whatever the umask', async () => {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
  const { dir, file } = await openFilledDisk();
  expect([dir, dirname(file), file].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700, 0o600]);
  expect(listFiles(dir)).toEqual([file.slice(dir.length + 1)]);
});

test('an entry that would be too long is not stored', async () => {
  const { store, dir, troubles } = openDisk();
  await store.set('k'.repeat(70_000), unlisted);
  expect([listFiles(dir), troubles]).toEqual([[], []]);
});

describe('an entry is a miss, and can be replaced, when', () => {
  test('any single byte of it is another one', async () => {
    const { store, file } = await openFilledDisk();
    const whole = readFileSync(file);
    const found = [];
    for (let at = 0; at < whole.length; at += 1) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(whole.readUInt8(at) ^ 1, at);
      writeFileSync(file, flipped);
      found.push(await store.get(KEY));
    }
    expect(found.length).toBeGreaterThan(200);
    expect(found.filter((answer) => answer !== undefined)).toEqual([]);
  });

  test.each<[string, (file: string) => void]>([
    ['it is truncated', (file) => truncateSync(file, 100)],
    ['more stands behind it', (file) => writeFileSync(file, '\n', { flag: 'a' })],
    ['it is a gigabyte', (file) => truncateSync(file, 1024 ** 3)],
    ['it is something else', (file) => writeFileSync(file, '{"status":"unlisted"}')],
    [
      'it is a link',
      (file) => {
        const elsewhere = join(openTempDir(), 'entry');
        writeFileSync(elsewhere, readFileSync(file));
        rmSync(file);
        symlinkSync(elsewhere, file);
      },
    ],
  ])('%s', async (_what, tamper) => {
    const { store, file, troubles } = await openFilledDisk();
    tamper(file);
    expect(await store.get(KEY)).toBeUndefined();
    await store.set(KEY, unlisted);
    expect([await store.get(KEY), troubles]).toStrictEqual([unlisted, []]);
  });

  test.each([
    ['another key', { key: 'other.example' }],
    ['another tracker', { apiUrl: 'https://other.example/' }],
    ['answers that were understood otherwise', { unlistedMessage: 'Other' }],
  ])('it is the whole entry of %s', async (_what, change) => {
    const { store, dir, file } = await openFilledDisk();
    const place = { ...ORIGIN, key: KEY, ...change };
    await openDisk({ dir, ...place }).store.set(place.key, unlisted);
    writeFileSync(file, readFileSync(toEntryPath(dir, place)));
    expect(await store.get(KEY)).toBeUndefined();
  });

  test('it is a directory, which is left alone', async () => {
    const { store, file, troubles } = await openFilledDisk();
    rmSync(file);
    mkdirSync(join(file, 'mine'), { recursive: true });
    expect(await store.get(KEY)).toBeUndefined();
    await store.set(KEY, unlisted);
    expect([listFiles(dirname(file)), troubles.length]).toEqual([[], 1]);
  });
});

test('old entries are removed while others are written', async () => {
  const { store, dir } = openDisk({ random: () => 0xaa / 256 });
  const old = join(dir, 'aa', `${'a'.repeat(64)}.answer`);
  mkdirSync(dirname(old), { recursive: true });
  writeFileSync(old, '');
  utimesSync(old, 0, 0);
  await store.set(KEY, unlisted);
  expect(listFiles(dir)).toHaveLength(1);
  expect(await openDisk({ dir }).store.get(KEY)).toStrictEqual(unlisted);
});

test('an entry is written although its directory is cleared meanwhile', async () => {
  const dir = join(openTempDir(), 'cct');
  const newId = () => {
    rmSync(dir, { recursive: true, force: true });
    return '0';
  };
  const { store, troubles } = openDisk({ dir, newId });
  for (const key of ['a.example', KEY]) await store.set(key, unlisted);
  expect([await store.get('a.example'), await store.get(KEY), troubles]).toStrictEqual([undefined, unlisted, []]);
});

describe('a directory that cannot be used', () => {
  const openFile = () => {
    const file = join(openTempDir(), 'file');
    writeFileSync(file, '');
    return file;
  };

  test.each<[string, () => string, string]>([
    ['because it is a file', openFile, 'a part of the path is not a directory'],
    ['because nothing can be made there', () => '/proc/cct-test', 'no such file'],
  ])('%s, is a miss, and reported once', async (_why, toDir, reason) => {
    const { store, troubles } = openDisk({ dir: toDir() });
    for (const key of ['a.example', 'b.example']) {
      await store.set(key, unlisted);
      expect(await store.get(key)).toBeUndefined();
    }
    expect(troubles).toEqual([reason]);
  });

  test('is not tried for ever', async () => {
    let ids = 0;
    const { store } = openDisk({ dir: openFile(), newId: () => `${(ids += 1)}` });
    for (let at = 0; at < 100; at += 1) await store.set(`${at}.example`, unlisted);
    expect(ids).toBe(8);
  });
});
