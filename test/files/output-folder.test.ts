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
import { checkOutputFolder, MARKER_FILE, writeOutputFolder } from '../../src/files/output-folder.ts';
import { openTempDir } from '../helpers/run-cct.ts';

const signal = new AbortController().signal;
const write = (path: string, files: Record<string, string>) => writeOutputFolder(path, files, signal);

/** The files of a folder, without the marker. */
function read(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name !== MARKER_FILE);
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** A folder that was written, in a directory of its own. */
async function openWritten() {
  const dir = openTempDir();
  const folder = join(dir, 'feed');
  await write(folder, { 'a.txt': 'old', 'b.txt': 'old' });
  return { dir, folder };
}

describe('an output folder', () => {
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
    const { dir, folder } = await openWritten();
    await write(folder, { 'b.txt': 'new', 'c.txt': 'new' });
    expect(read(folder)).toEqual({ 'b.txt': 'new', 'c.txt': 'new' });
    expect(readdirSync(dir)).toEqual(['feed']);
  });

  test('replaces the target of a link, which stays', async () => {
    const { dir, folder } = await openWritten();
    symlinkSync('feed', join(dir, 'link'));
    await write(join(dir, 'link'), { 'c.txt': 'new' });
    expect([read(folder), lstatSync(join(dir, 'link')).isSymbolicLink()]).toEqual([{ 'c.txt': 'new' }, true]);
  });

  test.each<[string, (folder: string) => void, RegExp]>([
    [
      'another file',
      (folder) => writeFileSync(join(folder, 'notes.md'), ''),
      /holds other files, such as notes\.md; name a new or an empty/,
    ],
    ['a directory', (folder) => mkdirSync(join(folder, 'more')), /such as more;/],
    ['no marker', (folder) => renameSync(join(folder, MARKER_FILE), join(folder, '..', 'gone')), /such as a\.txt;/],
    [
      'a directory of a listed name',
      (folder) => {
        rmSync(join(folder, 'a.txt'));
        mkdirSync(join(folder, 'a.txt'));
        writeFileSync(join(folder, 'a.txt', 'mine'), '');
      },
      /such as a\.txt;/,
    ],
    [
      'a link of a listed name',
      (folder) => {
        rmSync(join(folder, 'b.txt'));
        symlinkSync('a.txt', join(folder, 'b.txt'));
      },
      /such as b\.txt;/,
    ],
    ['a foreign marker', (folder) => writeFileSync(join(folder, MARKER_FILE), 'a.txt\nb.txt\n'), /such as a\.txt;/],
  ])('stays where it holds %s', async (_what, change, message) => {
    const { folder } = await openWritten();
    change(folder);
    const before = readdirSync(folder);
    await expect(checkOutputFolder(folder)).rejects.toMatchObject({ code: 'output', message: message as unknown });
    await expect(write(folder, { 'c.txt': 'new' })).rejects.toMatchObject({ code: 'output' });
    expect(readdirSync(folder)).toEqual(before);
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
    await expect(checkOutputFolder(toPath(openTempDir()))).rejects.toMatchObject({ code: 'output', message: message as unknown });
  });

  test('leaves the old one and nothing else when it is interrupted', async () => {
    const { dir, folder } = await openWritten();
    const controller = new AbortController();
    controller.abort(new CctError('interrupted', 'Interrupted'));
    const writing = writeOutputFolder(folder, { 'c.txt': 'new' }, controller.signal);
    await expect(writing).rejects.toMatchObject({ code: 'interrupted' });
    expect([readdirSync(dir), read(folder)]).toEqual([['feed'], { 'a.txt': 'old', 'b.txt': 'old' }]);
  });

  test('puts back what a killed run had moved away', async () => {
    const { dir, folder } = await openWritten();
    renameSync(folder, join(dir, '.feed.x9.old'));
    await checkOutputFolder(folder);
    expect(read(folder)).toEqual({ 'a.txt': 'old', 'b.txt': 'old' });
    writeFileSync(join(dir, '.other.x9.old'), '');
    await checkOutputFolder(join(dir, 'other-one'));
    expect(readdirSync(dir)).toEqual(['.other.x9.old', 'feed']);
  });
});
