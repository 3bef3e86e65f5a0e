import { expect, test } from 'vitest';
import { cctCommand, spawnCct } from '../helpers/run-cct.ts';
import { openTracker } from './live.ts';
import { openUpdatedHome, toEntries } from './snapshot-home.ts';

test('two updates at once both succeed, and leave one whole snapshot', async () => {
  const entries = toEntries(3000);
  const tracker = await openTracker({ entries });
  const home = openUpdatedHome(tracker);
  const children = [0, 1].map(() => spawnCct([...home.args, '-q'], { env: home.env }));
  expect((await Promise.all(children.map(({ finished }) => finished))).map(({ status, stderr }) => [status, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect([home.urls(), home.files()]).toEqual([entries.map(({ url }) => url), ['snapshot.tsv']]);
});

test('a disk that is full: the snapshot before stays', async () => {
  const tracker = await openTracker({ entries: toEntries(3) });
  const home = openUpdatedHome(tracker);
  await home.update();
  const before = home.text();
  tracker.set({ entries: toEntries(3000) });
  // A file that may not grow stands for a disk that has no room; it needs no rights.
  const child = spawnCct([...home.args, '--force'], {
    command: ['bash', '-c', 'ulimit -f 64; exec "$@"', 'bash', ...cctCommand],
    env: home.env,
  });
  expect(await child.finished).toEqual({
    ...{ status: 2, signal: null, stdout: '' },
    stderr: `cct: cannot write ${home.path}: the file is too large for this disk\n`,
  });
  expect([home.text(), home.files()]).toEqual([before, ['snapshot.tsv']]);
});
