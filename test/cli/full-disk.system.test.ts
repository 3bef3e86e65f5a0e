import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cctCommand, openTempDir, spawnCct } from '../helpers/run-cct.ts';
import { toPanelUrls, writeTempFile } from './live.ts';

const FORMATS = ['json', 'ndjson', 'csv', 'table'];

/** The program in a shell that lets no file grow beyond 16 KiB: writing more fails as on a full disk. */
const LIMITED = ['bash', '-c', 'ulimit -f 16; trap \'\' XFSZ; exec "$@"', 'bash', ...cctCommand];

describe('a disk that fills up while --output is written', () => {
  test.each(FORMATS)('is told, and leaves the file as it was and nothing beside it: %s', async (format) => {
    const folder = openTempDir();
    const file = join(folder, 'out');
    writeFileSync(file, 'as it was');
    const input = writeTempFile('many.txt', toPanelUrls(2000));
    const args = ['observe', '--snapshot', 'sample', '-q', input, '--format', format, '--output', file];
    const run = await spawnCct(args, { command: LIMITED }).finished;
    expect([run.status, run.stdout, run.stderr]).toEqual([
      2,
      '',
      expect.stringMatching(/^cct: cannot write \S+out: the file is too large for this disk/),
    ]);
    expect([readdirSync(folder), readFileSync(file, 'utf8')]).toEqual([['out'], 'as it was']);
  });
});

describe('a device that is full', () => {
  test('is told as --output', async () => {
    const run = await spawnCct(['observe', '--snapshot', 'sample', '-q', '--ip', '192.0.2.1', '--output', '/dev/full']).finished;
    expect([run.status, run.stderr]).toEqual([2, expect.stringMatching(/^cct: cannot write \/dev\/full: the disk is full/)]);
  });

  test.each(FORMATS)('is told as stdout: %s', async (format) => {
    const command = ['bash', '-c', 'exec "$@" > /dev/full', 'bash', ...cctCommand];
    const input = writeTempFile('many.txt', toPanelUrls(2000));
    const run = await spawnCct(['observe', '--snapshot', 'sample', '-q', input, '--format', format], { command }).finished;
    expect([run.status, run.stderr]).toEqual([2, expect.stringMatching(/^cct: cannot write stdout: .*ENOSPC/)]);
  });
});
