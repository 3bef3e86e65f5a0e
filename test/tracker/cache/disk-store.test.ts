import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { toEntryPath } from '../../../src/tracker/cache/cache-directory.ts';
import { ORIGIN, toListed, unlisted } from '../../core/samples.ts';
import { like, openTempDir } from '../../helpers/run-cct.ts';
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
  mkdirSync(dirname(old), { recursive: true, mode: 0o700 });
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

describe('a directory that others may have written to', () => {
  test.each([
    ['its group', 0o770],
    ['everybody', 0o707],
  ])('is neither read nor written when %s can write to it, with one note that says what to do', async (_who, mode) => {
    const { dir, file } = await openFilledDisk();
    chmodSync(dir, mode);
    const before = statSync(file).mtimeMs;
    const { store, troubles } = openDisk({ dir });
    for (const key of [KEY, 'b.example']) {
      expect(await store.get(key)).toBeUndefined();
      await store.set(key, unlisted);
    }
    const advice = `run \`cct cache clear --cache-dir ${dir}\` and \`chmod go-w ${dir}\`, or name another directory with --cache-dir`;
    expect(troubles).toEqual([`other users can write to ${dir}: ${advice}`]);
    expect([listFiles(dir).length, statSync(file).mtimeMs]).toEqual([1, before]);
  });

  test('is not swept either', async () => {
    const { dir, file } = await openFilledDisk();
    utimesSync(file, 0, 0);
    chmodSync(dir, 0o777);
    const digits = Number.parseInt(file.slice(dir.length + 1, dir.length + 3), 16);
    await openDisk({ dir, random: () => digits / 256 }).store.set('b.example', unlisted);
    expect(listFiles(dir)).toEqual([file.slice(dir.length + 1)]);
  });

  test('is not used when it belongs to another user', async () => {
    const { dir } = await openFilledDisk();
    const { store, troubles } = openDisk({ dir, userId: statSync(dir).uid + 1 });
    expect(await store.get(KEY)).toBeUndefined();
    await store.set('b.example', unlisted);
    expect([troubles, listFiles(dir).length]).toEqual([
      [`${dir} belongs to another user: name another directory with --cache-dir`],
      1,
    ]);
  });

  test('is not used in a part that others can write to', async () => {
    const { dir, file } = await openFilledDisk();
    chmodSync(dirname(file), 0o777);
    const { store, troubles } = openDisk({ dir });
    expect(await store.get(KEY)).toBeUndefined();
    expect(troubles).toEqual([like(new RegExp(`^other users can write to ${dirname(file)}: `))]);
  });

  test('is used where there are no user ids', async () => {
    const { dir } = await openFilledDisk();
    chmodSync(dir, 0o777);
    const { store, troubles } = openDisk({ dir, userId: undefined });
    expect([await store.get(KEY), troubles]).toStrictEqual([toListed(), []]);
  });
});

describe('a link in the place of a directory of entries', () => {
  /** A cache whose directory of the entry is a link to one elsewhere, which holds the entry. */
  const openLinked = async () => {
    const opened = await openFilledDisk();
    const shard = dirname(opened.file);
    const elsewhere = join(openTempDir(), 'elsewhere');
    renameSync(shard, elsewhere);
    symlinkSync(elsewhere, shard);
    return { ...opened, shard, elsewhere };
  };

  test('is not followed to read, to write, or to remove old entries', async () => {
    const { dir, elsewhere, shard } = await openLinked();
    const names = listFiles(elsewhere);
    utimesSync(join(elsewhere, names[0] ?? ''), 0, 0);
    const random = () => Number.parseInt(shard.slice(-2), 16) / 256;
    const { store, troubles } = openDisk({ dir, random });
    expect(await store.get(KEY)).toBeUndefined();
    await store.set(KEY, unlisted);
    expect([troubles, listFiles(elsewhere)]).toEqual([[`${shard} is a link, which is not followed: remove it`], names]);
  });

  test('affects no other entries', async () => {
    const { store } = await openLinked();
    await store.set('b.example', unlisted);
    expect(await store.get('b.example')).toStrictEqual(unlisted);
  });
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
