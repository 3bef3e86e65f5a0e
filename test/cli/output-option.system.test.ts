import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cctCommand, openTempDir, readAnswer, spawnCct } from '../helpers/run-cct.ts';

/** A directory that holds `out.json`, of an earlier run. */
function openDirectory() {
  const directory = openTempDir();
  const path = join(directory, 'out.json');
  writeFileSync(path, 'old\n');
  const look = () => ({ files: readdirSync(directory), content: readFileSync(path, 'utf8') });
  return { directory, path, look };
}

const SAMPLE = ['observe', '--snapshot', 'sample', '--ip', '198.51.100.60'];

describe('--output', () => {
  test.each(['-', '/dev/stdout', '/dev/fd/1'])('is stdout when it is %s', async (name) => {
    const run = await spawnCct([...SAMPLE, '-q', '--output', name]).finished;
    expect([run.status, run.stderr, readAnswer(run.stdout).verdicts]).toEqual([0, '', ['198.51.100.60']]);
  });

  test('as /dev/stdout keeps what a shell has written to the same file', async () => {
    const { path, look } = openDirectory();
    const command = ['bash', '-c', 'path=$1; shift; "$@" >> "$path"', 'bash', path, ...cctCommand];
    const run = await spawnCct(['observe', '--snapshot', 'sample', '-q', '--ip', '192.0.2.1', '--output', '/dev/stdout'], {
      command,
    }).finished;
    expect([run.status, run.stderr, look()]).toEqual([0, '', { files: ['out.json'], content: 'old\n{"data":{}}\n' }]);
  });

  test('may be a pipe, as of a process substitution', async () => {
    const command = ['bash', '-c', '"$@" --output >(tr a-z A-Z) | cat', 'bash', ...cctCommand];
    const run = await spawnCct(['observe', '--snapshot', 'sample', '-q', '--ip', '192.0.2.1'], { command }).finished;
    expect([run.status, run.stderr, run.stdout]).toEqual([0, '', '{"DATA":{}}\n']);
  });
});
