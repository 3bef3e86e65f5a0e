import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { unlisted } from '../../core/samples.ts';
import { KEY, openFilledDisk } from './open-stores.ts';

test('an entry is a miss, and can be replaced, when it is a pipe without a writer', async () => {
  const { store, file, troubles } = await openFilledDisk();
  rmSync(file);
  execFileSync('mkfifo', [file]);
  expect(await store.get(KEY)).toBeUndefined();
  await store.set(KEY, unlisted);
  expect([await store.get(KEY), troubles]).toStrictEqual([unlisted, []]);
});
