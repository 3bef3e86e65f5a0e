import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openTempDir, runMain } from '../helpers/run-cct.ts';
import { asking, complaint, openTracker, SAMPLE } from './live.ts';

/** A directory with a file, links to it and to its directory, and a link to a file that does not exist. */
function openLinks(): string {
  const dir = openTempDir();
  writeFileSync(join(dir, 'old'), '{"cct_state":1}\n');
  mkdirSync(join(dir, 'sub'));
  symlinkSync('../old', join(dir, 'sub', 'link'));
  symlinkSync('sub', join(dir, 'directory'));
  symlinkSync('../new', join(dir, 'sub', 'dangling'));
  return dir;
}

const SAME = [
  ['old', './old'],
  ['old', 'sub/../old'],
  ['old', 'sub/link'],
  ['directory/link', 'old'],
  ['new', 'sub/../new'],
  ['new', 'directory/dangling'],
] as const;

describe.each([
  ['--output', '--html'],
  ['--output', '--state'],
  ['--output', '--new-since'],
  ['--html', '--state'],
  ['--html', '--new-since'],
])('%s and %s', (flag, other) => {
  test.each(SAME)('do not name the same file: %s and %s', async (one, two) => {
    const dir = openLinks();
    const tracker = await openTracker();
    const args = ['observe', ...asking(tracker), '--ip', '192.0.2.1', flag, `${dir}/${one}`, other, `${dir}/${two}`];
    expect(await runMain(args)).toEqual(complaint(`${other} and ${flag} name the same file: give each its own`));
    expect([tracker.requests, readFileSync(join(dir, 'old'), 'utf8')]).toEqual([[], '{"cct_state":1}\n']);
    expect(readdirSync(dir).sort()).toEqual(['directory', 'old', 'sub']);
  });
});

test.each(['--html', '--output'])('%s does not replace an input', async (flag) => {
  const dir = openLinks();
  const input = join(dir, 'old');
  for (const path of [input, join(dir, 'sub', 'link'), join(dir, 'directory', 'link')]) {
    expect(await runMain(['observe', ...SAMPLE, input, flag, path])).toEqual(
      complaint(`${flag} would replace an input: ${path}`),
    );
  }
  expect(readFileSync(input, 'utf8')).toBe('{"cct_state":1}\n');
});

test('a state may be an input, which is written anew', async () => {
  const state = join(openTempDir(), 'state');
  await runMain(['observe', ...SAMPLE, '--ip', '198.51.100.60', '--state', state]);
  const text = readFileSync(state, 'utf8');
  expect(await runMain(['observe', ...SAMPLE, state, '--state', state, '--format', 'ndjson', '-q'])).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
  expect(readFileSync(state, 'utf8')).toBe(text);
});
