import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openOutputFile } from '../../src/files/output-file.ts';
import { like, openTempDir } from '../helpers/run-cct.ts';

/** A folder that holds `out.json`, of an earlier run. */
function openFolder(): { folder: string; path: string } {
  const folder = openTempDir();
  const path = join(folder, 'out.json');
  writeFileSync(path, 'old\n');
  return { folder, path };
}

describe('a file that is written', () => {
  test('is seen when it is committed, whole, and nothing is left beside it', async () => {
    const folder = openTempDir();
    const path = join(folder, 'out.json');
    const file = await openOutputFile(path, 'x');
    expect([await file.write('one\n'), await file.write('two\n')]).toEqual([true, true]);
    expect(readdirSync(folder)).toEqual(['.out.json.x.tmp']);
    await file.commit();
    expect([readdirSync(folder), readFileSync(path, 'utf8')]).toEqual([['out.json'], 'one\ntwo\n']);
  });

  test('takes the place of an older one only when it is committed', async () => {
    const { folder, path } = openFolder();
    const file = await openOutputFile(path, 'x');
    await file.write('new\n');
    expect(readFileSync(path, 'utf8')).toBe('old\n');
    await file.commit();
    expect([readdirSync(folder), readFileSync(path, 'utf8')]).toEqual([['out.json'], 'new\n']);
  });

  test('leaves the older one as it was when it is discarded', async () => {
    const { folder, path } = openFolder();
    const file = await openOutputFile(path, 'x');
    await file.write('new\n');
    await file.discard();
    expect([readdirSync(folder), readFileSync(path, 'utf8')]).toEqual([['out.json'], 'old\n']);
  });

  test('stays when it is discarded after it was committed', async () => {
    const { folder, path } = openFolder();
    const file = await openOutputFile(path, 'x');
    await file.write('new\n');
    await file.commit();
    await file.discard();
    expect([readdirSync(folder), readFileSync(path, 'utf8')]).toEqual([['out.json'], 'new\n']);
  });

  test('may be empty', async () => {
    const { path } = openFolder();
    const file = await openOutputFile(path, 'x');
    await file.commit();
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  test('keeps the permissions of the one that it replaces', async () => {
    const folder = openTempDir();
    const path = join(folder, 'out.json');
    writeFileSync(path, 'old\n', { mode: 0o600 });
    const file = await openOutputFile(path, 'x');
    await file.commit();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('is what a link points to; the link stays', async () => {
    const { folder, path } = openFolder();
    mkdirSync(join(folder, 'links'));
    const link = join(folder, 'links', 'latest');
    symlinkSync('../out.json', link);
    const file = await openOutputFile(link, 'x');
    await file.write('new\n');
    await file.commit();
    expect([readlinkSync(link), readFileSync(path, 'utf8'), readdirSync(join(folder, 'links'))]).toEqual([
      '../out.json',
      'new\n',
      ['latest'],
    ]);
  });
});

describe('a place that cannot be written', () => {
  test('may be a folder, which is named', async () => {
    const folder = openTempDir();
    await expect(openOutputFile(folder, 'x')).rejects.toMatchObject({
      code: 'output',
      message: `cannot write ${folder}: it is a directory`,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('may be in a folder that is not there, which is told with its name', async () => {
    const path = join(openTempDir(), 'missing', 'out.json');
    await expect(openOutputFile(path, 'x')).rejects.toMatchObject({
      code: 'output',
      message: like(/^cannot write \/.*missing\/out\.json: its directory does not exist/),
    });
  });

  test('may have another run at work beside it, whose draft is not touched', async () => {
    const { folder, path } = openFolder();
    writeFileSync(join(folder, '.out.json.x.tmp'), 'draft');
    await expect(openOutputFile(path, 'x')).rejects.toMatchObject({
      code: 'output',
      message: like(/^cannot write \/.*\/out\.json: its temporary file already exists/),
    });
    expect(readFileSync(join(folder, '.out.json.x.tmp'), 'utf8')).toBe('draft');
  });

  test('may be full', async () => {
    const file = await openOutputFile('/dev/full', 'x');
    await expect(file.write('new\n')).rejects.toMatchObject({
      code: 'output',
      message: 'cannot write /dev/full: the disk is full',
    });
    await file.discard();
  });
});

test('a device is written as it is, and stays', async () => {
  const file = await openOutputFile('/dev/null', 'x');
  expect(await file.write('new\n')).toBe(true);
  await file.commit();
  await file.discard();
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});
