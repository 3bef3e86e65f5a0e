import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import { checkOutputDirectory, MARKER_FILE, writeOutputDirectory } from '../../src/files/output-directory.ts';
import { openTempDir } from '../helpers/run-cct.ts';

const signal = new AbortController().signal;
const write = (path: string, files: Record<string, string>) => writeOutputDirectory(path, files, signal);

/** The files of a directory, without the marker. */
function read(directory: string): Record<string, string> {
  const names = readdirSync(directory).filter((name) => name !== MARKER_FILE);
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}

/** A directory that was written, in a directory of its own. */
async function openWritten() {
  const dir = openTempDir();
  const directory = join(dir, 'feed');
  await write(directory, { 'a.txt': 'old', 'b.txt': 'old' });
  return { dir, directory };
}

describe('an output directory', () => {
  test('is made where there is none, and in the place of an empty one', async () => {
    const dir = openTempDir();
    await write(`${join(dir, 'new')}/`, { 'a.txt': 'new' });
    mkdirSync(join(dir, 'empty'), { mode: 0o750 });
    await write(join(dir, 'empty'), { 'a.txt': 'new' });
    expect([read(join(dir, 'new')), read(join(dir, 'empty'))]).toEqual([{ 'a.txt': 'new' }, { 'a.txt': 'new' }]);
    expect(statSync(join(dir, 'empty')).mode & 0o777).toBe(0o750);
    expect(readdirSync(dir)).toEqual(['empty', 'new']);
  });

  test('replaces as a whole what cct wrote', async () => {
    const { dir, directory } = await openWritten();
    await write(directory, { 'b.txt': 'new', 'c.txt': 'new' });
    expect(read(directory)).toEqual({ 'b.txt': 'new', 'c.txt': 'new' });
    expect(readdirSync(dir)).toEqual(['feed']);
  });

  test('replaces the target of a link, which stays', async () => {
    const { dir, directory } = await openWritten();
    symlinkSync('feed', join(dir, 'link'));
    await write(join(dir, 'link'), { 'c.txt': 'new' });
    expect([read(directory), lstatSync(join(dir, 'link')).isSymbolicLink()]).toEqual([{ 'c.txt': 'new' }, true]);
  });

  test.each<[string, (directory: string) => void, RegExp]>([
    [
      'another file',
      (directory) => writeFileSync(join(directory, 'notes.md'), ''),
      /contains other files, such as notes\.md; name a new or empty/,
    ],
    ['a directory', (directory) => mkdirSync(join(directory, 'more')), /such as more;/],
    ['no marker', (directory) => renameSync(join(directory, MARKER_FILE), join(directory, '..', 'gone')), /such as a\.txt;/],
    [
      'a directory of a listed name',
      (directory) => {
        rmSync(join(directory, 'a.txt'));
        mkdirSync(join(directory, 'a.txt'));
        writeFileSync(join(directory, 'a.txt', 'mine'), '');
      },
      /such as a\.txt;/,
    ],
    [
      'a link of a listed name',
      (directory) => {
        rmSync(join(directory, 'b.txt'));
        symlinkSync('a.txt', join(directory, 'b.txt'));
      },
      /such as b\.txt;/,
    ],
    ['a foreign marker', (directory) => writeFileSync(join(directory, MARKER_FILE), 'a.txt\nb.txt\n'), /such as a\.txt;/],
  ])('stays where it holds %s', async (_what, change, message) => {
    const { directory } = await openWritten();
    change(directory);
    const before = readdirSync(directory);
    await expect(checkOutputDirectory(directory)).rejects.toMatchObject({ code: 'output', message: message as unknown });
    await expect(write(directory, { 'c.txt': 'new' })).rejects.toMatchObject({ code: 'output' });
    expect(readdirSync(directory)).toEqual(before);
  });

  test.each<[string, (dir: string) => string, RegExp]>([
    ['a file', (dir) => (writeFileSync(join(dir, 'x'), ''), join(dir, 'x')), /it is a file, and this format writes a directory/],
    [
      'a link to nothing',
      (dir) => (symlinkSync('gone', join(dir, 'x')), join(dir, 'x')),
      /x: it is a link to gone, which does not exist$/,
    ],
    ['in no directory', (dir) => join(dir, 'no/x'), /its directory does not exist/],
    ['the current directory', () => '.', /it is the current directory/],
  ])('is refused where it is %s', async (_what, toPath, message) => {
    await expect(checkOutputDirectory(toPath(openTempDir()))).rejects.toMatchObject({
      code: 'output',
      message: message as unknown,
    });
  });

  test('leaves the old one and nothing else when it is interrupted', async () => {
    const { dir, directory } = await openWritten();
    const controller = new AbortController();
    controller.abort(new CctError('interrupted', 'Interrupted'));
    const writing = writeOutputDirectory(directory, { 'c.txt': 'new' }, controller.signal);
    await expect(writing).rejects.toMatchObject({ code: 'interrupted' });
    expect([readdirSync(dir), read(directory)]).toEqual([['feed'], { 'a.txt': 'old', 'b.txt': 'old' }]);
  });

  test('puts back what a killed run had moved away', async () => {
    const { dir, directory } = await openWritten();
    renameSync(directory, join(dir, '.feed.x9.old'));
    await checkOutputDirectory(directory);
    expect(read(directory)).toEqual({ 'a.txt': 'old', 'b.txt': 'old' });
    writeFileSync(join(dir, '.other.x9.old'), '');
    await checkOutputDirectory(join(dir, 'other-one'));
    expect(readdirSync(dir)).toEqual(['.other.x9.old', 'feed']);
  });
});
