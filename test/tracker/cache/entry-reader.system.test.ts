import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEntryReader } from '../../../src/tracker/cache/entry-reader.ts';
import { openTempDir } from '../../helpers/run-cct.ts';

test('a pipe that nobody writes to is no entry, and is not waited for', async () => {
  const pipe = join(openTempDir(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(await openEntryReader()(pipe)).toBeUndefined();
});
