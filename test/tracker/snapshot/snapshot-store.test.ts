import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { sampleSnapshotText } from '../../../src/tracker/snapshot/sample-snapshot.ts';
import { parseSnapshot } from '../../../src/tracker/snapshot/snapshot-file.ts';
import {
  installSnapshot,
  installedSnapshotPath,
  readNamedSnapshot,
  readSnapshotFile,
  toStalenessNote,
} from '../../../src/tracker/snapshot/snapshot-store.ts';
import { openTempDir } from '../../helpers/run-cct.ts';

const sample = parseSnapshot(sampleSnapshotText);
const unhurried = { signal: new AbortController().signal, now: new Date() };

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (thrown) {
    return thrown instanceof CctError ? [thrown.code, thrown.message] : thrown;
  }
}

/** A directory with a snapshot file of this content. */
function openDirectory(bytes: string | Uint8Array) {
  const dir = openTempDir();
  const file = installedSnapshotPath(dir);
  writeFileSync(file, bytes);
  return { dir, file };
}

describe('a snapshot file', () => {
  test.each([
    ['plain', sampleSnapshotText],
    ['compressed', gzipSync(sampleSnapshotText)],
  ])('is read %s', async (_how, bytes) => {
    const { file } = openDirectory(bytes);
    expect([await readSnapshotFile(file), await readNamedSnapshot(file)]).toEqual([sample, sample]);
  });

  test('that is missing is an error that says how to get one, or bad input where it was named', async () => {
    const file = join(openTempDir(), 'no', 'snapshot.tsv');
    expect([await errorOf(readSnapshotFile(file)), await errorOf(readNamedSnapshot(file))]).toEqual([
      ['no-snapshot', `no snapshot at ${file}; install one with \`cct snapshot update\` or \`cct snapshot import FILE\``],
      ['input', `cannot read ${file}: no such file`],
    ]);
  });

  test.each([
    ['empty', '', ': line 1: expected "# cct snapshot 1", the first line of a cct snapshot'],
    ['cut', sampleSnapshotText.slice(0, -20), ': line 13: the file is truncated: the last line has no line break'],
  ])('that is %s is an error that names it', async (_what, bytes, reason) => {
    const { file } = openDirectory(bytes);
    expect(await errorOf(readSnapshotFile(file))).toEqual(['input', `${file}${reason}`]);
  });
});

describe('a snapshot is installed', () => {
  test('in a directory that is made for it, with nothing beside it', async () => {
    const dir = join(openTempDir(), 'a', 'b');
    await installSnapshot(installedSnapshotPath(dir), sample, unhurried);
    expect([readdirSync(dir), readFileSync(join(dir, 'snapshot.tsv'), 'utf8')]).toEqual([['snapshot.tsv'], sampleSnapshotText]);
  });

  test.each([
    [0o000, 0o755, 0o644],
    [0o002, 0o755, 0o644],
    [0o077, 0o700, 0o600],
  ])('where only its owner can write, with the umask %o', async (umask, directoryMode, fileMode) => {
    const before = process.umask(umask);
    onTestFinished(() => void process.umask(before));
    const parent = join(openTempDir(), 'a');
    const file = installedSnapshotPath(join(parent, 'b'));
    await installSnapshot(file, sample, unhurried);
    const modes = [parent, dirname(file), file].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([directoryMode, directoryMode, fileMode]);
  });

  test('atomically, also when several replace an older one at once', async () => {
    const { dir, file } = openDirectory('older');
    const dates = ['2018-01-01', '2018-01-02', '2018-01-03', '2018-01-04'];
    await Promise.all(dates.map((date) => installSnapshot(file, { ...sample, date }, unhurried)));
    const installed = await readSnapshotFile(file);
    expect(dates).toContain(installed.date);
    expect([installed, readdirSync(dir)]).toEqual([{ ...sample, date: installed.date }, ['snapshot.tsv']]);
  });

  test('not when it is stopped before the old one is replaced', async () => {
    const { dir, file } = openDirectory('older');
    const signal = AbortSignal.abort(new CctError('interrupted', 'Enough'));
    expect(await errorOf(installSnapshot(file, sample, { ...unhurried, signal }))).toEqual(['interrupted', 'Enough']);
    expect([readFileSync(file, 'utf8'), readdirSync(dir)]).toEqual(['older', ['snapshot.tsv']]);
  });

  test.each<[string, (dir: string) => string, string]>([
    [
      'a directory is in its place',
      (dir) => {
        mkdirSync(join(dir, 'snapshot.tsv', 'full'), { recursive: true });
        return 'snapshot.tsv';
      },
      'it is a directory',
    ],
    [
      'its directory is a file',
      (dir) => {
        writeFileSync(join(dir, 'file'), '');
        return 'file/snapshot.tsv';
      },
      'a part of the path is not a directory',
    ],
  ])('or nothing is left behind: %s', async (_what, make, reason) => {
    const dir = openTempDir();
    const file = join(dir, make(dir));
    const before = readdirSync(dir, { recursive: true });
    expect(await errorOf(installSnapshot(file, sample, unhurried))).toEqual(['output', `cannot write ${file}: ${reason}`]);
    expect(readdirSync(dir, { recursive: true })).toEqual(before);
  });
});

test.each([
  ['2018-02-20T00:00:00Z', 'the snapshot of 2018-01-20 is 31 days old; later entries are missing'],
  ['2018-02-19T23:59:59Z', null],
  ['2018-01-19T00:00:00Z', null],
  ['2018-01-18T23:59:59Z', 'the date of the snapshot, 2018-01-20, is in the future; import its list again with --date DAY'],
])('the note about the age of a snapshot at %s is %j', (now, note) => {
  expect(toStalenessNote({ date: '2018-01-20' }, new Date(now))).toBe(note);
});
