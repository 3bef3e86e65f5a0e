import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { walkDirectory } from '../../src/files/walk.ts';
import { openTempDir } from '../helpers/run-cct.ts';

/** What is in a directory, its own path taken off; what is left out is `path: reason`. */
async function walk(directory: string): Promise<string[]> {
  const found: string[] = [];
  for await (const file of walkDirectory(directory)) {
    found.push('path' in file ? file.path : `${file.leftOut}: ${file.reason}`);
  }
  return found.map((path) => path.replace(`${directory}/`, ''));
}

function write(directory: string, ...names: readonly string[]): void {
  for (const name of names) {
    const path = join(directory, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, '192.0.2.1\n');
  }
}

test('files come in name order, those of directories where these stand', async () => {
  const directory = openTempDir();
  write(directory, 'b.log', 'a.log', 'c/z.log', 'c/d/e.log', 'c/a.log', 'B.log', '10.log', '9.log', 'd.log', 'a/x.log');
  const wanted = ['10.log', '9.log', 'B.log', 'a/x.log', 'a.log', 'b.log', 'c/a.log', 'c/d/e.log', 'c/z.log', 'd.log'];
  expect(await walk(directory)).toEqual(wanted);
});

test('hidden files and directories are left out silently, a hidden directory that is named is not', async () => {
  const directory = openTempDir();
  write(directory, '.hidden', '.git/config', 'in/.hidden', 'in/seen', '.named/seen', '.named/.not');
  expect(await walk(directory)).toEqual(['in/seen']);
  expect(await walk(join(directory, '.named'))).toEqual(['seen']);
});

test('an empty directory has no files', async () => {
  const directory = openTempDir();
  mkdirSync(join(directory, 'a/b'), { recursive: true });
  expect(await walk(directory)).toEqual([]);
});

test('sockets and devices are left out with a reason, and are not opened', async () => {
  const directory = openTempDir();
  write(directory, 'a', 'z');
  symlinkSync('/dev/zero', join(directory, 'zero'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(directory, 'socket'), resolve));
  onTestFinished(() => void server.close());
  expect(await walk(directory)).toEqual(['a', 'socket: not a regular file', 'z', 'zero: not a regular file']);
});

test('links to files and directories are followed, loops and broken ones are left out with a reason', async () => {
  const directory = openTempDir();
  const other = openTempDir();
  write(directory, 'in/a');
  write(other, 'b');
  symlinkSync(directory, join(directory, 'in', 'loop'));
  symlinkSync('.', join(directory, 'self'));
  symlinkSync('nowhere', join(directory, 'broken'));
  symlinkSync('ring2', join(directory, 'ring1'));
  symlinkSync('ring1', join(directory, 'ring2'));
  symlinkSync(other, join(directory, 'linked'));
  symlinkSync(join('in', 'a'), join(directory, 'file'));
  expect(await walk(directory)).toEqual([
    'broken: a broken link',
    'file',
    'in/a',
    'in/loop: a link to a directory above it',
    'linked/b',
    'ring1: a broken link',
    'ring2: a broken link',
    'self: a link to a directory above it',
  ]);
});

test('two links to each other are followed once', async () => {
  const [one, other] = [openTempDir(), openTempDir()];
  symlinkSync(other, join(one, 'other'));
  symlinkSync(one, join(other, 'one'));
  write(one, 'a');
  write(other, 'b');
  expect(await walk(one)).toEqual(['a', 'other/b', 'other/one: a link to a directory above it']);
});

test('what cannot be read is left out with a reason', async () => {
  const directory = openTempDir();
  write(directory, 'a');
  expect(await walk(join(directory, 'missing'))).toEqual([`${join(directory, 'missing')}: no such file`]);
  expect(await walk(join(directory, 'a'))).toEqual([`${join(directory, 'a')}: a part of the path is not a directory`]);
});
