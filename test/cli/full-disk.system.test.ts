import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cctCommand, openTempDir, spawnCct } from '../helpers/run-cct.ts';
import { toPanelUrls, writeTempFile } from './live.ts';

/** The program in a shell that lets no file grow beyond 16 KiB: writing more fails as on a full disk. */
const LIMITED = ['bash', '-c', 'ulimit -f 16; trap \'\' XFSZ; exec "$@"', 'bash', ...cctCommand];
const FULL = ['bash', '-c', 'exec "$@" > /dev/full', 'bash', ...cctCommand];

describe.each(['json', 'ndjson', 'csv', 'table'])('a full disk, with %s', (format) => {
  const observe = async (command: readonly string[], ...flags: readonly string[]) => {
    const input = writeTempFile('many.txt', toPanelUrls(2000));
    const { status, stdout, stderr } = await spawnCct(
      ['observe', '--snapshot', 'sample', '-q', input, '--format', format, ...flags],
      { command },
    ).finished;
    expect([status, stdout]).toEqual([2, '']);
    return stderr;
  };

  test('leaves the file of --output as it was, and nothing beside it', async () => {
    const dir = openTempDir();
    const file = join(dir, 'out');
    writeFileSync(file, 'as it was');
    const stderr = await observe(LIMITED, '--output', file);
    expect(stderr).toMatch(/^cct: cannot write \S+out: the file is too large for this disk/);
    expect([readdirSync(dir), readFileSync(file, 'utf8')]).toEqual([['out'], 'as it was']);
  });

  test('behind stdout is an error', async () => {
    expect(await observe(FULL)).toMatch(/^cct: cannot write stdout: .*ENOSPC/);
  });
});
