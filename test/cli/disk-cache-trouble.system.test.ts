import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cctCommand, openTempDir, readRows, spawnCct } from '../helpers/run-cct.ts';
import { listFiles } from '../tracker/cache/cache-files.ts';
import { asking, toJson, writeTempFile } from './live.ts';
import { LISTED, UNLISTED, openCache, toIps } from './cached-batches.ts';

describe('a cache that cannot be used', () => {
  test('because a file is in its place costs no answer and no status, and is told once', async () => {
    const { run, asked } = await openCache();
    const file = writeTempFile('file', 'mine');
    for (const expected of [2, 4]) {
      const { status, stdout, stderr } = await run(['--cache-dir', file, ...toIps(LISTED, UNLISTED)]);
      expect([status, readRows(stdout), asked()]).toEqual([0, [`listed ip ${LISTED}`, `unlisted ip ${UNLISTED}`], expected]);
      expect(stderr.split('\n').slice(1)).toEqual([
        `the cache ${file} cannot be used: a part of the path is not a directory; continuing without it`,
        '',
      ]);
    }
    expect((await run(['--cache-dir', file, '-q', '--ip', LISTED])).stderr).toBe('');
  });

  test('because nothing can be made there is told too', async () => {
    const { run } = await openCache();
    const { status, stderr } = await run(['--cache-dir', '/proc/cct-test', '--ip', LISTED]);
    expect(status).toBe(0);
    expect(stderr).toContain('the cache /proc/cct-test cannot be used: no such file; continuing without it\n');
  });

  test('because no file may grow costs nothing either, and leaves nothing behind', async () => {
    const { tracker, home } = await openCache();
    const command = ['bash', '-c', 'ulimit -f 0; exec "$@"', 'bash', ...cctCommand];
    const { status, stdout, stderr } = await spawnCct(['observe', ...asking(tracker), ...toIps(LISTED, UNLISTED)], {
      command,
      env: { XDG_CACHE_HOME: home },
    }).finished;
    expect([status, stdout.includes('"count": 1')]).toEqual([0, true]);
    expect(stderr).toContain(
      `the cache ${home}/cct cannot be used: the file is too large for this disk; continuing without it\n`,
    );
    expect(listFiles(home)).toEqual([]);
  });
});

/** So many observables as an ndjson file. */
function writeUrls(count: number): string {
  const file = join(openTempDir(), 'urls.ndjson');
  const rows = Array.from({ length: count }, (_, at) => ({ type: 'url', value: `http://h${at}.example/gate.php` }));
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

test('thousands of answers are read although few files may be open', async () => {
  const { tracker, home } = await openCache();
  const args = ['observe', ...asking(tracker), '--format', 'ndjson', '--concurrency', '64', writeUrls(3000)];
  const first = await spawnCct(args, { env: { XDG_CACHE_HOME: home } }).finished;
  const limited = ['bash', '-c', 'ulimit -n 48; exec "$@"', 'bash', ...cctCommand];
  const second = await spawnCct(args, { command: limited, env: { XDG_CACHE_HOME: home } }).finished;
  expect(second.stdout).toBe(first.stdout.replaceAll('"source":"live"', '"source":"cache"'));
  expect([second.status, tracker.lookups().length]).toEqual([0, 3000]);
});

test('many processes at once share one cache', async () => {
  const { tracker, home } = await openCache();
  const file = writeTempFile('ips.json', toJson(...Array.from({ length: 100 }, (_, at) => ['ip', `192.0.2.${at + 1}`] as const)));
  tracker.set({ faults: {} });
  const args = ['observe', ...asking(tracker), '--format', 'ndjson', file];
  const runs = await Promise.all(Array.from({ length: 8 }, () => spawnCct(args, { env: { XDG_CACHE_HOME: home } }).finished));
  const rows = runs.map(({ stdout }) => readRows(stdout));
  expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 0));
  expect(rows).toEqual(
    rows.map(() => Array.from({ length: 100 }, (_, at) => `${at === 0 ? 'listed' : 'unlisted'} ip 192.0.2.${at + 1}`)),
  );
  expect(listFiles(home).filter((name) => !name.endsWith('.answer'))).toEqual([]);
  expect(listFiles(home)).toHaveLength(100);
  const before = tracker.lookups().length;
  await spawnCct(args, { env: { XDG_CACHE_HOME: home } }).finished;
  expect(tracker.lookups().length).toBe(before);
});
