import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { openTempDir, readAnswer, runMain, startMain } from '../helpers/run-cct.ts';
import { asking, complaint, keysAsked, openTracker } from './live.ts';
import { waitUntil } from '../helpers/serve.ts';

/** A directory that holds `out.json`, of an earlier run. */
function openDirectory() {
  const dir = openTempDir();
  const path = join(dir, 'out.json');
  writeFileSync(path, 'old\n');
  const look = () => ({ files: readdirSync(dir), content: readFileSync(path, 'utf8') });
  return { dir, path, look };
}

const untouched = { files: ['out.json'], content: 'old\n' };
const SAMPLE = ['observe', '--snapshot', 'sample', '--ip', '198.51.100.60'];

// How a file is replaced is tested in test/files/output-file.test.ts.
describe('--output', () => {
  test('replaces the file after a good run, with what stdout would have', async () => {
    const { path, look } = openDirectory();
    const { stdout: expected } = await runMain(SAMPLE);
    const run = await runMain([...SAMPLE, '--output', path]);
    expect([run.status, run.stdout, look()]).toEqual([0, '', { files: ['out.json'], content: expected }]);
    expect(readAnswer(expected).verdicts).toEqual(['198.51.100.60']);
  });

  test.each(['json', 'ndjson', 'table', 'csv', 'stix', 'ctim-bundle', 'misp', 'ecs'])(
    'writes %s without colour, also where stdout is a terminal',
    async (format) => {
      const path = join(openTempDir(), 'new');
      await runMain([...SAMPLE, '--format', format, '--output', path], { isTerminal: { stdout: true } });
      expect(readFileSync(path, 'utf8')).toContain('198.51.100.60');
      expect(readFileSync(path, 'utf8')).not.toContain('\u001B');
    },
  );

  test('writes what was found when some failed', async () => {
    const { path, look } = openDirectory();
    const tracker = await openTracker({ listings: { '192.0.2.1': 'Malicious' }, faults: { '192.0.2.66': 'html' } });
    const args = ['observe', ...asking(tracker), '--ip', '192.0.2.66', '--ip', '192.0.2.1', '--output', path];
    const { status, stdout } = await runMain(args);
    expect([status, stdout, look().files, readAnswer(look().content).verdicts]).toEqual([3, '', ['out.json'], ['192.0.2.1']]);
  });

  test.each([
    ['the input is wrong', ['--snapshot', 'sample'], 2, ''],
    ['there is no snapshot', ['--offline', '--ip', '192.0.2.1'], 4, ''],
    ['it is a dry run', ['--dry-run', '--ip', '192.0.2.1'], 0, '192.0.2.1\n'],
  ])('leaves the file alone when %s', async (_what, args, status, stdout) => {
    const { path, look } = openDirectory();
    const run = await runMain(['observe', ...args, '--output', path], { stdin: '[{"type":"ip","value":"192.0.2.1"},{}]' });
    expect([run.status, run.stdout, look()]).toEqual([status, stdout, untouched]);
  });

  test('refuses a place that cannot be written before any lookup', async () => {
    const { dir, look } = openDirectory();
    const tracker = await openTracker();
    const write = (path: string) => runMain(['observe', ...asking(tracker), '--ip', '192.0.2.1', '--output', path]);
    expect(await write(dir)).toEqual(complaint(`cannot write ${dir}: it is a directory`));
    expect(await write(join(dir, 'no', 'x'))).toEqual(complaint(`cannot write ${dir}/no/x: its directory does not exist`));
    expect([look(), tracker.requests]).toEqual([untouched, []]);
  });

  test('to a device that is full is an error', async () => {
    expect(await runMain([...SAMPLE, '--output', '/dev/full'])).toEqual(complaint('cannot write /dev/full: the disk is full'));
  });
});

describe('--output on a signal', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s writes a whole, valid document with what was ready', async (signal, status) => {
    const { path, look } = openDirectory();
    const tracker = await openTracker({ listings: { '192.0.2.1': 'Malicious' }, faults: { '192.0.2.66': 'stalled-headers' } });
    const args = ['observe', ...asking(tracker), '--concurrency', '1', '--output', path];
    const run = startMain([...args, '--ip', '192.0.2.1', '--ip', '192.0.2.66', '--ip', '192.0.2.2']);
    await waitUntil(() => keysAsked(tracker).includes('192.0.2.66'));
    expect(look().content).toBe('old\n');
    run.stop(signal);
    const ended = await run.finished;
    const { files, content } = look();
    expect([ended.status, ended.stdout, files]).toEqual([status, '', ['out.json']]);
    expect(validateAnswer(JSON.parse(content))).toEqual([]);
    const message = 'Interrupted before it was answered: 192.0.2.66, 192.0.2.2';
    expect(readAnswer(content)).toMatchObject({
      verdicts: ['192.0.2.1'],
      errors: [{ type: 'warning', code: 'service unavailable', message }],
    });
    expect(keysAsked(tracker)).toEqual(['192.0.2.1', '192.0.2.66']);
  });
});
