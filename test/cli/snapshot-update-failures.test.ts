import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ListFault } from '../helpers/fake-tracker.ts';
import { like, openTempDir, runMain, spawnCct, startMain } from '../helpers/run-cct.ts';
import { asking, openTracker, writeTempFile } from './live.ts';
import { openUpdatedHome, toEntries, toCompared, toInstalled } from './snapshot-home.ts';
import { waitUntil } from '../helpers/serve.ts';

describe('the snapshot before stays', () => {
  test.each<[what: string, fault: ListFault, status: number]>([
    ['pages without the table', 'html', 4],
    ['pages that list nothing', 'no-rows', 4],
    ['pages that are empty', 'empty', 4],
    ['pages that break off', 'cut-chunked', 4],
    ['errors', { kind: 'status', status: 503 }, 4],
    ['a site that wants nobody', { kind: 'status', status: 403 }, 4],
  ])('after %s', async (_what, fault, status) => {
    const tracker = await openTracker({ entries: toEntries(4) });
    const home = openUpdatedHome(tracker);
    await home.update();
    const before = home.text();
    tracker.set({ listFaults: { 'index.php': fault, 'all.php': fault } });
    const run = await home.update();
    expect(run).toEqual({ status, stdout: '', stderr: like(/^cct: cannot download the list: [^\n]+\n$/) });
    expect([home.text(), home.files()]).toEqual([before, ['snapshot.tsv']]);
  });

  test('when the challenge is not passed', async () => {
    const tracker = await openTracker({ entries: toEntries(4) });
    const home = openUpdatedHome(tracker);
    await home.update();
    const before = home.text();
    tracker.set({ challenge: 'never-ends' });
    expect(await home.update()).toMatchObject({
      status: 4,
      stderr: 'cct: cannot download the list: The tracker rejected the answer to its cookie challenge\n',
    });
    expect(home.text()).toBe(before);
  });

  test('when the new one has less than half of its entries, unless --force', async () => {
    const tracker = await openTracker({ entries: toEntries(5) });
    const home = openUpdatedHome(tracker);
    await home.update();
    tracker.set({ entries: toEntries(2) });
    expect(await home.update()).toEqual({
      status: 4,
      stdout: '',
      stderr:
        'cct: the downloaded list has 2 entries, less than half of the 5 installed: the old list stays. Pass --force to install it anyway\n',
    });
    expect(home.urls()).toHaveLength(5);
    expect(await home.update('--force')).toMatchObject({
      status: 0,
      stderr: toCompared('3 removed') + toInstalled(2),
    });
    tracker.set({ entries: toEntries(1) });
    expect(await home.update()).toMatchObject({ status: 0 });
  });

  test.each(['index.php', 'all.php'] as const)('when SIGINT ends the update while %s is awaited', async (page) => {
    const tracker = await openTracker({ entries: toEntries(4) });
    const home = openUpdatedHome(tracker);
    await home.update();
    const before = home.text();
    tracker.set({ listFaults: { 'index.php': 'html', [page]: 'stalled-body' } });
    tracker.requests.length = 0;
    const child = spawnCct(home.args, { env: home.env });
    await waitUntil(() => tracker.requests.at(-1)?.path.includes(page) === true);
    child.kill('SIGINT');
    expect(await child.finished).toEqual({
      status: 130,
      signal: null,
      stdout: '',
      stderr: 'cct: Interrupted before it was answered\n',
    });
    expect([home.text(), home.files()]).toEqual([before, ['snapshot.tsv']]);
  });

  test('when SIGINT comes as the last page does', async () => {
    const tracker = await openTracker({ entries: toEntries(4) });
    const home = openUpdatedHome(tracker);
    await home.update();
    const before = home.text();
    tracker.set({ entries: toEntries(6), listFaults: { 'index.php': { kind: 'slow', delayMs: 50 } }, listFaultFrom: 1 });
    const run = startMain(home.args, { env: home.env });
    await waitUntil(() => tracker.requests.at(-1)?.path.includes('s=6') === true);
    run.stop('SIGINT');
    expect(await run.finished).toMatchObject({ status: 130, stdout: '' });
    expect(home.text()).toBe(before);
  });
});

describe('an installed snapshot that cannot be used', () => {
  const text = '# cct snapshot 1\n# date: 2025-12-31\n# origin: x\n# entries: 2\n# columns: date covers url ip family\n';
  const row = '2025-12-30\turl\ta.example\t\tPony\n';
  test.each([
    ['cut', text + row + row.slice(0, 20), 'line 7: the file is truncated: the last line has no line break'],
    ['of another version', `# cct snapshot 2\n${row}`, 'line 1: unsupported snapshot version "2"; this cct reads version 1'],
    ['with a bad row', text + row + row.replace('url', 'urls'), 'line 7: expected url or host, found "urls"'],
    ['empty', '', 'line 1: expected "# cct snapshot 1", the first line of a cct snapshot'],
  ])('because it is %s is replaced by an update, which says so', async (_what, broken, why) => {
    const home = openUpdatedHome(await openTracker({ entries: toEntries(1) }));
    home.put(broken);
    expect(await home.update()).toMatchObject({
      status: 0,
      stderr: `the installed snapshot is unusable and will be replaced: ${home.path}: ${why}\n` + toInstalled(1),
    });
    expect(home.urls()).toEqual(['h0.example/x']);
  });

  test.each([
    ['cut', text + row, 'the header says 2 entries, but the file has 1; it is truncated'],
    ['of another version', `# cct snapshot 2\n${row}`, 'line 1: unsupported snapshot version "2"; this cct reads version 1'],
  ])('because it is %s is an error of a merge', async (_what, broken, why) => {
    const home = openUpdatedHome(await openTracker());
    home.put(broken);
    const list = join(openTempDir(), 'all.php');
    writeFileSync(list, 'b.example\n');
    const run = await home.run('snapshot', 'import', '--merge', list);
    expect(run).toEqual({ status: 2, stdout: '', stderr: `cct: ${home.path}: ${why}\n` });
    expect(home.text()).toBe(broken);
  });
});

describe('a place that cannot be written is a clear error', () => {
  test.each([
    ['a file in the place of its folder', () => writeTempFile('file', ''), 'a part of the path is not a directory'],
    // Nobody may make a folder there, not even root.
    ['a folder that is read-only', () => '/sys', '(permission denied|the disk is read-only)'],
  ])('%s', async (_what, toHome, why) => {
    const tracker = await openTracker({ entries: toEntries(1) });
    const run = await runMain(['snapshot', 'update', '-q', ...asking(tracker)], { env: { XDG_DATA_HOME: toHome() } });
    expect(run).toEqual({
      status: 2,
      stdout: '',
      stderr: like(new RegExp(`^cct: cannot (?:write|read) .*snapshot.tsv: ${why}\n$`)),
    });
  });
});
