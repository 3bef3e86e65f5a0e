import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FIXED_NOW, openTempDir, runMain } from '../helpers/run-cct.ts';
import { asking, complaint, openTracker, writeTempFile } from './live.ts';

/** A cache directory with two answers in it, and runs that use it. */
async function openFilled() {
  const tracker = await openTracker();
  const home = openTempDir();
  const run = (...args: readonly string[]) => runMain(args, { env: { XDG_CACHE_HOME: home } });
  await run('observe', ...asking(tracker), '--ip', '192.0.2.1', '--ip', '192.0.2.2');
  return { tracker, path: join(home, 'cct'), run };
}

describe('cct cache info', () => {
  test('counts the cached answers, and those that are fresh', async () => {
    const { path, run } = await openFilled();
    const moment = FIXED_NOW.toISOString();
    const counts = { entries: 2, bytes: expect.any(Number) as number, fresh: 2, expired: 0, broken: 0 };
    const { status, stdout, stderr } = await run('cache', 'info');
    expect([status, stderr, JSON.parse(stdout)]).toEqual([0, '', { path, ...counts, oldest: moment, newest: moment }]);
    const now = () => new Date(FIXED_NOW.getTime() + 3_600_000);
    const later = await runMain(['cache', 'info', '--cache-ttl', '1h', '--cache-dir', path], { now });
    expect(JSON.parse(later.stdout)).toMatchObject({ path, entries: 2, fresh: 0, expired: 2 });
  });
});

describe('cct cache clear', () => {
  test('deletes all answers, prints how many, and leaves other files', async () => {
    const { tracker, path, run } = await openFilled();
    writeFileSync(join(path, 'notes.txt'), 'mine');
    const { status, stdout, stderr } = await run('cache', 'clear');
    expect([status, stderr, JSON.parse(stdout)]).toEqual([0, '', { path, removed: 2 }]);
    expect(existsSync(join(path, 'notes.txt'))).toBe(true);
    await run('observe', ...asking(tracker), '--ip', '192.0.2.1');
    expect(tracker.lookups()).toHaveLength(3);
  });
});

describe.each([
  ['info', 'read', { entries: 0, bytes: 0, fresh: 0, expired: 0, broken: 0, oldest: null, newest: null }],
  ['clear', 'clear', { removed: 0 }],
])('cct cache %s', (command, verb, nothing) => {
  test('of a directory that does not exist has nothing, and makes none', async () => {
    const path = join(openTempDir(), 'none');
    const { status, stdout } = await runMain(['cache', command, '--cache-dir', path]);
    expect([status, JSON.parse(stdout), existsSync(path)]).toEqual([0, { path, ...nothing }, false]);
  });

  test('of a file is exit 2, and leaves it', async () => {
    const file = writeTempFile('file', 'mine');
    const run = await runMain(['cache', command, '--cache-dir', file]);
    expect(run).toEqual(complaint(`cannot ${verb} the cache ${file}: a part of the path is not a directory`));
    expect(existsSync(file)).toBe(true);
  });
});
