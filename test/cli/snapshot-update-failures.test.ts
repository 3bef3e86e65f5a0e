import { describe, expect, test } from 'vitest';
import type { FakeTracker } from '../helpers/fake-tracker.ts';
import { like, runMain, spawnCct, startMain } from '../helpers/run-cct.ts';
import { asking, complaint, openTracker, writeTempFile } from './live.ts';
import { openUpdatedHome, toEntries, toCompared, toInstalled } from './snapshot-home.ts';
import { waitUntil } from '../helpers/serve.ts';

/** A home with a list of so many entries of a tracker installed. */
async function openInstalled(count: number) {
  const tracker = await openTracker({ entries: toEntries(count) });
  const home = openUpdatedHome(tracker);
  await home.update();
  return { tracker, home, before: home.text() };
}

describe('the snapshot before stays', () => {
  // Which pages are no list is tested in test/tracker/lists.
  test.each<[what: string, change: Parameters<FakeTracker['set']>[0], why: string]>([
    ['pages without the table', { listFaults: { 'index.php': 'html', 'all.php': 'html' } }, '[^\\n]+'],
    ['cut pages', { listFaults: { 'index.php': 'cut-chunked', 'all.php': 'cut-chunked' } }, '[^\\n]+'],
    ['a challenge that is not passed', { challenge: 'never-ends' }, 'The tracker rejected the answer to its cookie challenge'],
  ])('after %s', async (_what, change, why) => {
    const { tracker, home, before } = await openInstalled(4);
    tracker.set(change);
    const stderr = like(new RegExp(`^cct: cannot download the list: ${why}\\n$`));
    expect(await home.update()).toEqual({ status: 4, stdout: '', stderr });
    expect([home.text(), home.files()]).toEqual([before, ['snapshot.tsv']]);
  });

  test('when the new one has less than half of its entries, unless --force', async () => {
    const { tracker, home } = await openInstalled(5);
    tracker.set({ entries: toEntries(2) });
    const advice = 'the old list stays. Pass --force to install it anyway';
    expect(await home.update()).toEqual(
      complaint(`the downloaded list has 2 entries, less than half of the 5 installed: ${advice}`, 4),
    );
    expect(home.urls()).toHaveLength(5);
    expect(await home.update('--force')).toMatchObject({
      status: 0,
      stderr: toCompared('3 removed') + toInstalled(2),
    });
    tracker.set({ entries: toEntries(1) });
    expect(await home.update()).toMatchObject({ status: 0 });
  });

  test.each(['index.php', 'all.php'] as const)('when SIGINT ends the update while %s is awaited', async (page) => {
    const { tracker, home, before } = await openInstalled(4);
    tracker.set({ listFaults: { 'index.php': 'html', [page]: 'stalled-body' } });
    tracker.requests.length = 0;
    const child = spawnCct(home.args, { env: home.env });
    await waitUntil(() => tracker.requests.at(-1)?.path.includes(page) === true);
    child.kill('SIGINT');
    expect(await child.finished).toEqual({
      status: 130,
      signal: null,
      stdout: '',
      stderr: 'cct: interrupted\n',
    });
    expect([home.text(), home.files()]).toEqual([before, ['snapshot.tsv']]);
  });

  test('when SIGINT comes as the last page does', async () => {
    const { tracker, home, before } = await openInstalled(4);
    tracker.set({ entries: toEntries(6), listFaults: { 'index.php': { kind: 'slow', delayMs: 50 } }, listFaultFrom: 1 });
    const run = startMain(home.args, { env: home.env });
    await waitUntil(() => tracker.requests.at(-1)?.path.includes('s=6') === true);
    run.stop('SIGINT');
    expect(await run.finished).toMatchObject({ status: 130, stdout: '' });
    expect(home.text()).toBe(before);
  });
});

describe('an unusable installed snapshot', () => {
  const text = '# cct snapshot 1\n# date: 2025-12-31\n# origin: x\n# entries: 2\n# columns: date covers url ip family\n';
  const row = '2025-12-30\turl\ta.example\t\tPony\n';

  test.each([
    [text + row + row.slice(0, 20), 'line 7: the file is truncated: the last line has no line break'],
    [`# cct snapshot 2\n${row}`, 'line 1: unsupported snapshot version "2"; this cct reads version 1'],
  ])('is replaced by an update, which says so, and is an error of a merge: %j', async (broken, why) => {
    const home = openUpdatedHome(await openTracker({ entries: toEntries(1) }));
    home.put(broken);
    const list = writeTempFile('all.php', 'b.example\n');
    expect(await home.run('snapshot', 'import', '--merge', list)).toEqual(complaint(`${home.path}: ${why}`));
    expect(home.text()).toBe(broken);
    const stderr = `the installed snapshot is unusable and will be replaced: ${home.path}: ${why}\n` + toInstalled(1);
    expect(await home.update()).toMatchObject({ status: 0, stderr });
    expect(home.urls()).toEqual(['h0.example/x']);
  });
});

test.each([
  ['a file in the place of its directory', () => writeTempFile('file', ''), 'a part of the path is not a directory'],
  // Not even root may create a directory there.
  ['a read-only directory', () => '/sys', '(permission denied|the disk is read-only)'],
])('a place that cannot be written is an error: %s', async (_what, toHome, why) => {
  const tracker = await openTracker({ entries: toEntries(1) });
  const run = await runMain(['snapshot', 'update', '-q', ...asking(tracker)], { env: { XDG_DATA_HOME: toHome() } });
  const stderr = like(new RegExp(`^cct: cannot (?:write|read) .*snapshot.tsv: ${why}\n$`));
  expect(run).toEqual({ status: 2, stdout: '', stderr });
});
