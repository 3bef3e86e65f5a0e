import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FIXED_NOW, openTempDir, readRows, runMain, startMain } from '../helpers/run-cct.ts';
import { waitUntil } from '../helpers/serve.ts';
import { listFiles } from '../tracker/cache/cache-files.ts';
import { asking, complaint, keysAsked, openTracker } from './live.ts';
import { FAILED, HOUR_MS, LISTED, SKIPPED, UNLISTED, later, openCache, readSources, toIps } from './cached-batches.ts';

// How old an answer may be is tested in test/tracker/cache.
describe('an answer', () => {
  test('is given again by the next run, as from the cache and with its own moment; failures and skipped ones are not', async () => {
    const { tracker, run } = await openCache();
    const ips = toIps(LISTED, UNLISTED, FAILED, SKIPPED);
    await run(ips);
    const second = await run(ips, later(HOUR_MS));
    const at = FIXED_NOW.toISOString();
    expect(readSources(second.stdout)).toEqual([`listed cache ${at}`, `unlisted cache ${at}`, 'failed - -', 'skipped - -']);
    expect([second.status, keysAsked(tracker)]).toEqual([3, [LISTED, UNLISTED, FAILED, FAILED]]);
  });

  test('is the same document, and the same for deliberate', async () => {
    const { tracker, home } = await openCache();
    const ask = (command: string) =>
      runMain([command, ...asking(tracker), '--ip', LISTED, '-q'], { env: { XDG_CACHE_HOME: home } });
    const live = await ask('observe');
    expect(await ask('observe')).toEqual(live);
    expect((await ask('deliberate')).stdout).toContain('"verdict"');
    expect(tracker.lookups()).toHaveLength(1);
  });

  test('of one tracker is none of another', async () => {
    const { run } = await openCache();
    await run(['--ip', LISTED]);
    const other = await openTracker();
    const { stdout } = await run(['--api-url', other.url, '--ip', LISTED]);
    expect([readRows(stdout), other.lookups().length]).toEqual([[`unlisted ip ${LISTED}`], 1]);
  });

  test('is kept in the directory of --cache-dir, or of its variable, and only there', async () => {
    const { home, run, asked } = await openCache();
    const dir = join(openTempDir(), 'made', 'for', 'it');
    await run(['--cache-dir', dir, '--ip', LISTED]);
    await run(['--ip', LISTED], { env: { CCT_CACHE_DIR: dir } });
    expect([asked(), listFiles(home), listFiles(dir).length]).toEqual([1, [], 1]);
  });

  test('is neither read nor kept with --no-cache, by a snapshot, or by a dry run', async () => {
    const { home, run, asked } = await openCache();
    await run(['--no-cache', '--ip', LISTED]);
    await run(['--snapshot', 'sample', '--ip', LISTED]);
    await run(['--dry-run', '--ip', LISTED]);
    expect([listFiles(home), asked()]).toEqual([[], 1]);
    await run(['--ip', LISTED]);
    await run(['--no-cache', '--ip', LISTED]);
    expect(asked()).toBe(3);
  });

  test('is asked again with --refresh, and the new one is kept', async () => {
    const { tracker, run, asked } = await openCache();
    await run(['--ip', LISTED]);
    tracker.set({ listings: {} });
    const refreshed = await run(['--refresh', '--ip', LISTED]);
    expect(readRows(refreshed.stdout)).toEqual([`unlisted ip ${LISTED}`]);
    expect(readSources((await run(['--ip', LISTED])).stdout)).toEqual([`unlisted cache ${FIXED_NOW.toISOString()}`]);
    expect(asked()).toBe(2);
  });

  test('needs no turn among the lookups in flight', async () => {
    const { tracker, run } = await openCache();
    await run(toIps(LISTED));
    tracker.set({ faultEverywhere: 'stalled-headers' });
    const slow = Array.from({ length: 20 }, (_, at) => `198.51.100.${at + 1}`);
    const flags = ['--concurrency', '1', '--deadline', '300ms'];
    const { stdout } = await run([...flags, ...toIps(...slow, LISTED)]);
    expect(readRows(stdout).at(-1)).toBe(`listed ip ${LISTED}`);
  });

  test('is kept for what was skipped only when that is asked', async () => {
    const { run, asked } = await openCache();
    await run(['--include-private', '--ip', SKIPPED]);
    expect(readSources((await run(['--ip', SKIPPED])).stdout)).toEqual(['skipped - -']);
    expect(asked()).toBe(1);
  });
});

test('health asks the tracker itself, whatever is remembered', async () => {
  const { tracker, home, run } = await openCache();
  await run(['--ip', '192.0.2.1']);
  tracker.set({ faultEverywhere: 'html' });
  const health = await runMain(['health', ...asking(tracker)], { env: { XDG_CACHE_HOME: home } });
  expect(health.status).toBe(4);
});

test('a batch that was stopped goes on where its connections had confirmed it', async () => {
  const { tracker, home } = await openCache();
  tracker.set({ latencyMs: 5 });
  const ips = Array.from({ length: 200 }, (_, at) => `198.51.100.${at + 1}`);
  const args = ['observe', ...asking(tracker), '--concurrency', '1', '--format', 'ndjson', ...toIps(...ips)];
  const options = { env: { XDG_CACHE_HOME: home } };
  const first = startMain(args, options);
  await waitUntil(() => tracker.lookups().length > 60);
  first.stop('SIGINT');
  const { status, stdout } = await first.finished;
  const answered = readRows(stdout).filter((row) => row.startsWith('unlisted')).length;
  const before = tracker.lookups().length;
  const second = await runMain(args, options);
  expect([status, readRows(second.stdout)]).toEqual([130, ips.map((ip) => `unlisted ip ${ip}`)]);
  expect(answered).toBeGreaterThanOrEqual(60);
  // A connection carries 25 answers; those of the last one were not confirmed at the stop.
  expect(tracker.lookups().length - before).toBe(200 - Math.floor(answered / 25) * 25);
});

test('a directory that others may write to is not used, with one note, and costs no answer', async () => {
  const { run, asked } = await openCache();
  const dir = openTempDir();
  chmodSync(dir, 0o777);
  for (const expected of [2, 4]) {
    const { status, stdout, stderr } = await run(['--cache-dir', dir, '--ip', LISTED, '--ip', UNLISTED]);
    expect([status, readRows(stdout), asked()]).toEqual([0, [`listed ip ${LISTED}`, `unlisted ip ${UNLISTED}`], expected]);
    const advice = `run \`cct cache clear --cache-dir ${dir}\` and \`chmod go-w ${dir}\`, or name another directory with --cache-dir`;
    const what = `other users can write to ${dir}: ${advice}`;
    expect(stderr.split('\n').slice(1)).toEqual([`the cache ${dir} cannot be used: ${what}; continuing without it`, '']);
  }
  expect(listFiles(dir)).toEqual([]);
});

test('both kinds of cache on one command line contradict each other', async () => {
  const run = await runMain(['observe', '--cache-dir', 'x', '--cache-url', 'redis://127.0.0.1:1', '--ip', LISTED]);
  expect(run).toEqual(complaint('--cache-dir and --cache-url cannot be used together: give only one'));
});
