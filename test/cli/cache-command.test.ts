import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FIXED_NOW, openTempDir, runMain } from '../helpers/run-cct.ts';
import { asking, openTracker, writeTempFile } from './live.ts';

/** A cache folder with two answers in it, and runs that use it. */
async function openFilled() {
  const tracker = await openTracker();
  const home = openTempDir();
  const run = (...args: readonly string[]) => runMain(args, { env: { XDG_CACHE_HOME: home } });
  await run('observe', ...asking(tracker), '--ip', '192.0.2.1', '--ip', '192.0.2.2');
  return { tracker, path: join(home, 'cct'), run };
}

const nothing = { entries: 0, bytes: 0, fresh: 0, expired: 0, broken: 0, oldest: null, newest: null };

describe('cct cache info', () => {
  test('tells what is there, and what of it would be given again', async () => {
    const { path, run } = await openFilled();
    const moment = FIXED_NOW.toISOString();
    const { status, stdout, stderr } = await run('cache', 'info');
    expect([status, stderr, JSON.parse(stdout)]).toEqual([
      0,
      '',
      { path, entries: 2, bytes: expect.any(Number) as number, fresh: 2, expired: 0, broken: 0, oldest: moment, newest: moment },
    ]);
    const later = await runMain(['cache', 'info', '--cache-ttl', '1h', '--cache-dir', path], {
      now: () => new Date(FIXED_NOW.getTime() + 3_600_000),
    });
    expect(JSON.parse(later.stdout)).toMatchObject({ path, entries: 2, fresh: 0, expired: 2 });
  });

  test('of a folder that is not there tells of nothing, and makes none', async () => {
    const path = join(openTempDir(), 'none');
    const { status, stdout } = await runMain(['cache', 'info', '--cache-dir', path]);
    expect([status, JSON.parse(stdout), existsSync(path)]).toEqual([0, { path, ...nothing }, false]);
  });

  test('of a file is exit 2', async () => {
    const file = writeTempFile('file', 'mine');
    expect(await runMain(['cache', 'info', '--cache-dir', file])).toEqual({
      status: 2,
      stdout: '',
      stderr: `cct: cannot read the cache ${file}: a part of the path is not a directory\n`,
    });
  });
});

describe('cct cache clear', () => {
  test('forgets all answers, says how many, and leaves what is not its own', async () => {
    const { tracker, path, run } = await openFilled();
    writeFileSync(join(path, 'notes.txt'), 'mine');
    const { status, stdout, stderr } = await run('cache', 'clear');
    expect([status, stderr, JSON.parse(stdout)]).toEqual([0, '', { path, removed: 2 }]);
    expect(existsSync(join(path, 'notes.txt'))).toBe(true);
    await run('observe', ...asking(tracker), '--ip', '192.0.2.1');
    expect(tracker.lookups()).toHaveLength(3);
  });

  test('of a folder that is not there removes nothing', async () => {
    const path = join(openTempDir(), 'none');
    const { status, stdout } = await runMain(['cache', 'clear', '--cache-dir', path]);
    expect([status, JSON.parse(stdout)]).toEqual([0, { path, removed: 0 }]);
  });

  test('of a file is exit 2, and leaves it', async () => {
    const file = writeTempFile('file', 'mine');
    expect(await runMain(['cache', 'clear', '--cache-dir', file])).toEqual({
      status: 2,
      stdout: '',
      stderr: `cct: cannot clear the cache ${file}: a part of the path is not a directory\n`,
    });
    expect(existsSync(file)).toBe(true);
  });
});
