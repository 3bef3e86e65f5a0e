import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { toEntryPath } from '../../../src/tracker/cache/cache-directory.ts';
import { createConfirmedStore } from '../../../src/tracker/cache/answer-store.ts';
import type { DiskStoreOptions } from '../../../src/tracker/cache/disk-store.ts';
import { openDiskStore } from '../../../src/tracker/cache/disk-store.ts';
import { ORIGIN, toListed } from '../../core/samples.ts';
import { openTempDir } from '../../helpers/run-cct.ts';

/** A lookup key. */
export const KEY = 'panel.example/gate.php';

/** A store in a directory of its own, or the given one, and the troubles that it reported. */
export function openStore(options: Partial<DiskStoreOptions> = {}) {
  const { dir = join(openTempDir(), 'cct') } = options;
  const troubles: string[] = [];
  const opened = openDiskStore({
    dir,
    ...ORIGIN,
    now: () => new Date(),
    random: () => 0,
    newId: randomUUID,
    onTrouble: (reason) => troubles.push(reason),
    ...options,
  });
  // As in use: it waits for what is being written.
  const store = createConfirmedStore(opened);
  onTestFinished(() => store.close());
  return { store, dir, troubles, file: toEntryPath(dir, { ...ORIGIN, ...options, key: KEY }) };
}

/** The same with an answer in it. */
export async function openFilled() {
  const opened = openStore();
  await opened.store.set(KEY, toListed());
  return opened;
}
