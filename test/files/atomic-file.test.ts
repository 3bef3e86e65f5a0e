import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import { makeDirectory, toTargetName, writeAtomically } from '../../src/files/atomic-file.ts';
import { openTempDir } from '../helpers/run-cct.ts';

describe('writing atomically', () => {
  test('replaces a link, and leaves what it points to', async () => {
    const directory = openTempDir();
    const [victim, file] = [join(directory, 'victim'), join(directory, 'file')];
    writeFileSync(victim, 'untouched');
    symlinkSync(victim, file);
    await writeAtomically(file, 'new', { mode: 0o600 });
    expect([victim, file].map((path) => readFileSync(path, 'utf8'))).toEqual(['untouched', 'new']);
    expect([readdirSync(directory).sort(), statSync(file).mode & 0o777]).toEqual([['file', 'victim'], 0o600]);
  });

  test('leaves no draft when it fails', async () => {
    const directory = openTempDir();
    mkdirSync(join(directory, 'file', 'full'), { recursive: true });
    await expect(writeAtomically(join(directory, 'file'), 'new', {})).rejects.toMatchObject({ code: 'EISDIR' });
    expect(readdirSync(directory)).toEqual(['file']);
  });

  test('replaces nothing when it is aborted', async () => {
    const file = join(openTempDir(), 'file');
    writeFileSync(file, 'old');
    const reason = new CctError('interrupted', 'Enough');
    await expect(writeAtomically(file, 'new', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect([readFileSync(file, 'utf8'), readdirSync(join(file, '..'))]).toEqual(['old', ['file']]);
  });
});

test.each([
  ['.out.json.x.tmp', 'out.json'],
  ['.a.b.0-9a.tmp', 'a.b'],
  ['out.json.x.tmp', undefined],
  ['.out.json.x', undefined],
  ['.out.json.X.tmp', undefined],
  ['.x.tmp', undefined],
])('the name %s is that of a draft of %s', (name, target) => {
  expect(toTargetName(name)).toBe(target);
});

describe('making a directory', () => {
  test('makes its parents with the same mode, and accepts one that exists', async () => {
    const directory = openTempDir();
    for (let round = 0; round < 2; round += 1) await makeDirectory(join(directory, 'a', 'b'), 0o700);
    expect(['a', 'a/b'].map((path) => statSync(join(directory, path)).mode & 0o777)).toEqual([0o700, 0o700]);
  });

  test('fails where a parent takes no directories', async () => {
    await expect(makeDirectory('/proc/cct-test/a')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
