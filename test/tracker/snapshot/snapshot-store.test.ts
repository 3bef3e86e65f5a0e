import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { sampleSnapshotText } from '../../../src/tracker/snapshot/sample-snapshot.ts';
import { parseSnapshot } from '../../../src/tracker/snapshot/snapshot-file.ts';
import {
  installSnapshot,
  installedSnapshotPath,
  readSnapshotFile,
  readTextFile,
  toStalenessNote,
} from '../../../src/tracker/snapshot/snapshot-store.ts';

const sample = parseSnapshot(sampleSnapshotText);
const unhurried = { signal: new AbortController().signal, now: new Date() };

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cct-store-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (thrown) {
    return thrown instanceof CctError ? [thrown.code, thrown.message] : thrown;
  }
}

async function fileOf(bytes: string | Uint8Array): Promise<string> {
  const file = join(dir, 'given.tsv');
  await writeFile(file, bytes);
  return file;
}

describe('the folder of the snapshot', () => {
  test('holds the snapshot', () => {
    expect(installedSnapshotPath(dir)).toBe(join(dir, 'snapshot.tsv'));
  });
});

describe('a snapshot file', () => {
  test('is read', async () => {
    expect(await readSnapshotFile(await fileOf(sampleSnapshotText))).toEqual(sample);
  });

  test('is read when packed, whatever its name, and with a byte order mark', async () => {
    expect(await readSnapshotFile(await fileOf(gzipSync(sampleSnapshotText)))).toEqual(sample);
    expect(await readSnapshotFile(await fileOf(`\uFEFF${sampleSnapshotText}`))).toEqual(sample);
  });

  test('that is missing is an error that says how to get one', async () => {
    const file = join(dir, 'no', 'snapshot.tsv');
    expect(await errorOf(readSnapshotFile(file))).toEqual([
      'no-snapshot',
      `no snapshot at ${file}; install one with \`cct snapshot update\` or \`cct snapshot import FILE\``,
    ]);
  });

  test('that is a folder is an error', async () => {
    expect(await errorOf(readSnapshotFile(dir))).toEqual(['input', `cannot read ${dir}: it is a directory`]);
  });

  test('with a file for a folder in its path is an error', async () => {
    const file = join(await fileOf(''), 'snapshot.tsv');
    expect(await errorOf(readSnapshotFile(file))).toEqual([
      'input',
      `cannot read ${file}: a part of the path is not a directory`,
    ]);
  });

  test('that cannot be read is an error', async () => {
    // Root may read what no one else may, but nobody reads this one from its beginning.
    expect(await errorOf(readSnapshotFile('/proc/self/mem'))).toEqual([
      'input',
      'cannot read /proc/self/mem: EIO: i/o error, read',
    ]);
  });

  const packed = gzipSync(sampleSnapshotText);
  test.each([
    ['that is empty', '', ': line 1: expected "# cct snapshot 1", the first line of a cct snapshot'],
    ['that is cut', sampleSnapshotText.slice(0, -20), ': line 13: the file is truncated: the last line has no line break'],
    ['that is not UTF-8', Buffer.from([0x23, 0x20, 0xff, 0xfe]), ': it is not UTF-8 text'],
    ['that is packed and cut', packed.subarray(0, -30), ': it is not a complete gzip file'],
    ['that only begins like gzip', Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), ': it is not a complete gzip file'],
  ])('%s is an error that names it', async (_what, bytes, reason) => {
    const file = await fileOf(bytes);
    const named = reason.startsWith(': line') ? file : `cannot read ${file}`;
    expect(await errorOf(readSnapshotFile(file))).toEqual(['input', `${named}${reason}`]);
  });

  test('that grows too large is an error, packed or not', async () => {
    const text = 'x'.repeat(1000);
    const tooLarge = (file: string) => ['input', `cannot read ${file}: it is larger than 999 bytes`];
    const plain = await fileOf(text);
    expect(await errorOf(readTextFile(plain, { maxBytes: 999 }))).toEqual(tooLarge(plain));
    expect(await readTextFile(plain, { maxBytes: 1000 })).toBe(text);
    const bomb = await fileOf(gzipSync(text));
    expect(await errorOf(readTextFile(bomb, { maxBytes: 999 }))).toEqual(tooLarge(bomb));
    expect(await readTextFile(bomb, { maxBytes: 1000 })).toBe(text);
  });

  test('that is asked for as text and missing is plain bad input', async () => {
    const file = join(dir, 'list.tsv');
    expect(await errorOf(readTextFile(file))).toEqual(['input', `cannot read ${file}: no such file`]);
  });
});

describe('a snapshot is installed', () => {
  test('in a folder that is made for it, with nothing beside it', async () => {
    const file = join(dir, 'a', 'b', 'snapshot.tsv');
    await installSnapshot(file, sample, unhurried);
    expect(await readFile(file, 'utf8')).toBe(sampleSnapshotText);
    expect(await readdir(join(dir, 'a', 'b'))).toEqual(['snapshot.tsv']);
  });

  test('in place of an older one', async () => {
    const file = await fileOf('older');
    await installSnapshot(file, sample, unhurried);
    expect(await readSnapshotFile(file)).toEqual(sample);
    expect(await readdir(dir)).toEqual(['given.tsv']);
  });

  test('whole, when several do so at once', async () => {
    const file = join(dir, 'snapshot.tsv');
    const dates = ['2018-01-01', '2018-01-02', '2018-01-03', '2018-01-04'];
    await Promise.all(dates.map((date) => installSnapshot(file, { ...sample, date }, unhurried)));
    const installed = await readSnapshotFile(file);
    expect(dates).toContain(installed.date);
    expect(installed).toEqual({ ...sample, date: installed.date });
    expect(await readdir(dir)).toEqual(['snapshot.tsv']);
  });

  test('not when it is stopped before the new one is in place', async () => {
    const file = await fileOf('older');
    const signal = AbortSignal.abort(new CctError('interrupted', 'Enough'));
    expect(await errorOf(installSnapshot(file, sample, { ...unhurried, signal }))).toEqual(['interrupted', 'Enough']);
    expect([await readFile(file, 'utf8'), await readdir(dir)]).toEqual(['older', ['given.tsv']]);
  });

  test('or nothing is left behind: the place is taken by a folder', async () => {
    const file = join(dir, 'snapshot.tsv');
    await mkdir(join(file, 'full'), { recursive: true });
    expect(await errorOf(installSnapshot(file, sample, unhurried))).toEqual([
      'output',
      `cannot write ${file}: it is a directory`,
    ]);
    expect(await readdir(dir)).toEqual(['snapshot.tsv']);
    expect(await readdir(file)).toEqual(['full']);
  });

  test('or nothing is left behind: the folder cannot be made', async () => {
    const file = join(await fileOf('a file'), 'snapshot.tsv');
    expect(await errorOf(installSnapshot(file, sample, unhurried))).toEqual([
      'output',
      `cannot write ${file}: a part of the path is not a directory`,
    ]);
    expect(await readdir(dir)).toEqual(['given.tsv']);
  });
});

describe('an old snapshot', () => {
  test('is told of, with its date and age, after 30 days', () => {
    expect(toStalenessNote({ date: '2018-01-20' }, new Date('2018-02-20T00:00:00Z'))).toBe(
      'the snapshot of 2018-01-20 is 31 days old; later entries are missing',
    );
  });

  test('is not told of before', () => {
    expect(toStalenessNote({ date: '2018-01-20' }, new Date('2018-02-19T23:59:59Z'))).toBeNull();
    expect(toStalenessNote({ date: '2018-01-20' }, new Date('2018-01-19T00:00:00Z'))).toBeNull();
  });
});
