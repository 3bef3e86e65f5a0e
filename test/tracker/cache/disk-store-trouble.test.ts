import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unlisted } from '../../core/samples.ts';
import { openTempDir } from '../../helpers/run-cct.ts';
import { openStore } from './disk-stores.ts';

describe('a folder that cannot be used', () => {
  test.each<[string, () => string, string]>([
    [
      'because it is a file',
      () => {
        const file = join(openTempDir(), 'file');
        writeFileSync(file, '');
        return file;
      },
      'a part of the path is not a directory',
    ],
    ['because nothing can be made there', () => '/proc/cct-test', 'no such file'],
  ])('%s, remembers nothing, and is told of once', async (_why, toDir, reason) => {
    const { store, troubles } = openStore({ dir: toDir() });
    for (const key of ['a.example', 'b.example']) {
      await store.set(key, unlisted);
      expect(await store.get(key)).toBeUndefined();
    }
    expect(troubles).toEqual([reason]);
  });

  test('is not tried for ever', async () => {
    const file = join(openTempDir(), 'file');
    writeFileSync(file, '');
    let ids = 0;
    const { store } = openStore({ dir: file, newId: () => `${(ids += 1)}` });
    for (let at = 0; at < 100; at += 1) await store.set(`${at}.example`, unlisted);
    expect(ids).toBe(8);
  });
});
