import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openOutputFile } from '../../src/files/output-file.ts';
import { openTempDir } from '../helpers/run-cct.ts';

/** A directory that holds `out.json`, of an earlier run. */
function openDirectory() {
  const directory = openTempDir();
  const path = join(directory, 'out.json');
  writeFileSync(path, 'old\n', { mode: 0o640 });
  return { directory, path, read: () => [readdirSync(directory), readFileSync(path, 'utf8')] };
}

describe('an output file', () => {
  test('appears when it is committed, with nothing beside it', async () => {
    const directory = openTempDir();
    const file = await openOutputFile(join(directory, 'out.json'), { id: 'x' });
    expect([await file.write('one\n'), await file.write('two\n')]).toEqual([true, true]);
    expect(readdirSync(directory)).toEqual(['.out.json.x.tmp']);
    await file.commit();
    expect([readdirSync(directory), readFileSync(join(directory, 'out.json'), 'utf8')]).toEqual([['out.json'], 'one\ntwo\n']);
  });

  test('replaces an older one when it is committed, keeps its mode, and stays when it is then discarded', async () => {
    const { path, read } = openDirectory();
    const file = await openOutputFile(path);
    await file.write('new\n');
    expect(readFileSync(path, 'utf8')).toBe('old\n');
    await file.commit();
    await file.discard();
    expect([read(), statSync(path).mode & 0o777]).toEqual([[['out.json'], 'new\n'], 0o640]);
  });

  test('leaves the older one as it was when it is discarded', async () => {
    const { path, read } = openDirectory();
    const file = await openOutputFile(path);
    await file.write('new\n');
    await file.discard();
    expect(read()).toEqual([['out.json'], 'old\n']);
  });

  test('may be empty, and a secret one has mode 0600', async () => {
    const { path, read } = openDirectory();
    await (await openOutputFile(path, { isPrivate: true })).commit();
    expect([read(), statSync(path).mode & 0o777]).toEqual([[['out.json'], ''], 0o600]);
  });

  test('is what a link points to; the link stays', async () => {
    const { directory, path } = openDirectory();
    mkdirSync(join(directory, 'links'));
    const link = join(directory, 'links', 'latest');
    symlinkSync('../out.json', link);
    const file = await openOutputFile(link);
    await file.write('new\n');
    await file.commit();
    expect([readlinkSync(link), readFileSync(path, 'utf8'), readdirSync(join(directory, 'links'))]).toEqual([
      '../out.json',
      'new\n',
      ['latest'],
    ]);
  });

  test.each([
    ['../new.json', 'new.json'],
    ['second', 'links/new.json'],
  ])('is what a dangling link points to: %s', async (target, name) => {
    const directory = openTempDir();
    const links = join(directory, 'links');
    mkdirSync(links);
    symlinkSync(target, join(links, 'latest'));
    symlinkSync('new.json', join(links, 'second'));
    const file = await openOutputFile(join(links, 'latest'));
    await file.write('new\n');
    await file.commit();
    expect([readlinkSync(join(links, 'latest')), readFileSync(join(directory, name), 'utf8')]).toEqual([target, 'new\n']);
  });
});

describe('a path cannot be written', () => {
  test.each<[string, string, string, boolean]>([
    ['a directory', '.', 'it is a directory', false],
    ['in a directory that does not exist', 'missing/out.json', 'its directory does not exist', false],
    ['a link into a directory that does not exist', 'astray', 'its directory does not exist', false],
    ['a link to itself', 'loop', 'its links form a loop', false],
    ['whose draft exists', 'out.json', 'its temporary file already exists', false],
    ['a device, for a secret', '/dev/null', 'a secret is written only to a regular file', true],
  ])('%s', async (_what, name, reason, isPrivate) => {
    const { directory } = openDirectory();
    writeFileSync(join(directory, '.out.json.x.tmp'), 'draft');
    symlinkSync('missing/out.json', join(directory, 'astray'));
    symlinkSync('loop', join(directory, 'loop'));
    const path = name.startsWith('/') ? name : join(directory, name);
    await expect(openOutputFile(path, { isPrivate, id: 'x' })).rejects.toMatchObject({
      code: 'output',
      message: `cannot write ${path}: ${reason}`,
    });
    expect(readFileSync(join(directory, '.out.json.x.tmp'), 'utf8')).toBe('draft');
  });

  test('a full disk', async () => {
    const file = await openOutputFile('/dev/full');
    await expect(file.write('new\n')).rejects.toMatchObject({
      code: 'output',
      message: 'cannot write /dev/full: the disk is full',
    });
    await file.discard();
  });
});

test('a device is written directly, and stays', async () => {
  const file = await openOutputFile('/dev/null');
  expect(await file.write('new\n')).toBe(true);
  await file.commit();
  await file.discard();
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});
