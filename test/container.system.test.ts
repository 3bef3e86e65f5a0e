import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { contentsOf, copiesFrom } from './helpers/dockerfile.ts';
import { openTempDir, spawnCct } from './helpers/run-cct.ts';

// It builds the program.
test('the program runs from the files that the Dockerfile copies', { timeout: 60_000 }, async () => {
  const directory = openTempDir();
  const build = join(directory, 'build');
  mkdirSync(build);
  for (const path of copiesFrom(null).flatMap((words) => words.slice(0, -1)))
    cpSync(path, join(build, path), { recursive: true });
  symlinkSync(resolve('node_modules'), join(build, 'node_modules'));
  // As `npm ci` does.
  execFileSync('npm', ['run', '--silent', 'prepare'], { cwd: build });
  for (const [from = '', to = ''] of copiesFrom('build')) cpSync(join(directory, from), join(directory, to), { recursive: true });
  const [, program = '', command = ''] = /ln -s (\S+) (\S+)/.exec(contentsOf('RUN').join('\n')) ?? [];
  const { status, stderr } = await spawnCct(['observe', '--snapshot', 'sample', '--ip', '192.0.2.1', '-q'], {
    command: [join(directory, program)],
  }).finished;
  expect([command, status, stderr]).toEqual(['/usr/local/bin/cct', 0, '']);
});
