import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { walkDirectory } from '../../src/files/walk.ts';
import { openTempDir } from '../helpers/run-cct.ts';

test('a pipe in a directory is left out, and is not opened', async () => {
  const directory = openTempDir();
  execFileSync('mkfifo', [join(directory, 'a')]);
  writeFileSync(join(directory, 'b'), '192.0.2.1\n');
  const found = [];
  for await (const file of walkDirectory(directory)) found.push(file);
  expect(found).toEqual([
    { leftOut: join(directory, 'a'), reason: 'not a regular file', isUnreadable: false },
    { path: join(directory, 'b') },
  ]);
});
