import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { openTempDir, readAnswer, runMain, startMain } from '../helpers/run-cct.ts';
import { asking, keysAsked, openTracker } from './live.ts';
import { waitUntil } from '../helpers/serve.ts';

/** A folder that holds `out.json`, of an earlier run. */
function openFolder() {
  const folder = openTempDir();
  const path = join(folder, 'out.json');
  writeFileSync(path, 'old\n');
  const look = () => ({ files: readdirSync(folder), content: readFileSync(path, 'utf8') });
  return { folder, path, look };
}

const untouched = { files: ['out.json'], content: 'old\n' };
const SAMPLE = ['observe', '--snapshot', 'sample', '--ip', '198.51.100.60'];

describe('--output', () => {
  test('replaces the file after a good run, with what stdout would have got', async () => {
    const { path, look } = openFolder();
    const { stdout: expected } = await runMain(SAMPLE);
    const run = await runMain([...SAMPLE, '--output', path]);
    expect([run.status, run.stdout, look()]).toEqual([0, '', { files: ['out.json'], content: expected }]);
    expect(readAnswer(expected).verdicts).toEqual(['198.51.100.60']);
  });

  test('makes the file where there was none', async () => {
    const path = join(openTempDir(), 'new.csv');
    const run = await runMain([...SAMPLE, '--format', 'csv', '--output', path]);
    expect([run.status, readFileSync(path, 'utf8').split('\r\n').length]).toEqual([0, 3]);
  });

  test.each(['json', 'ndjson', 'table', 'csv'])('writes %s without colour, also where stdout is a terminal', async (format) => {
    const { path } = openFolder();
    await runMain([...SAMPLE, '--format', format, '--output', path], { isTerminal: { stdout: true } });
    expect(readFileSync(path, 'utf8')).toContain('198.51.100.60');
    expect(readFileSync(path, 'utf8')).not.toContain('\u001B');
  });

  test('writes what was found when some failed', async () => {
    const { path, look } = openFolder();
    const tracker = await openTracker({ listings: { '192.0.2.1': 'Malicious' }, faults: { '192.0.2.66': 'html' } });
    const args = ['observe', ...asking(tracker), '--ip', '192.0.2.66', '--ip', '192.0.2.1', '--output', path];
    const { status, stdout } = await runMain(args);
    expect([status, stdout, look().files, readAnswer(look().content).verdicts]).toEqual([3, '', ['out.json'], ['192.0.2.1']]);
  });

  test('leaves the file alone when the input is wrong', async () => {
    const { path, look } = openFolder();
    const run = await runMain(['observe', '--snapshot', 'sample', '--output', path], { stdin: '[{}]' });
    expect([run.status, run.stdout, look()]).toEqual([2, '', untouched]);
  });

  test('leaves the file alone when there is no snapshot to ask', async () => {
    const { path, look } = openFolder();
    const run = await runMain(['observe', '--offline', '--ip', '192.0.2.1', '--output', path]);
    expect([run.status, run.stdout, look()]).toEqual([4, '', untouched]);
  });

  test('leaves the file alone in a dry run', async () => {
    const { path, look } = openFolder();
    const run = await runMain(['observe', '--dry-run', '--ip', '192.0.2.1', '--output', path]);
    expect([run.status, run.stdout, look()]).toEqual([0, '192.0.2.1\n', untouched]);
  });

  test('keeps a link, and replaces what it points to', async () => {
    const { folder, path } = openFolder();
    const link = join(folder, 'latest.json');
    symlinkSync('out.json', link);
    const run = await runMain([...SAMPLE, '--output', link]);
    expect([run.status, lstatSync(link).isSymbolicLink(), readFileSync(path, 'utf8').startsWith('{')]).toEqual([0, true, true]);
    expect(readdirSync(folder).sort()).toEqual(['latest.json', 'out.json']);
  });

  test('refuses a folder before anything is asked', async () => {
    const { folder, look } = openFolder();
    const tracker = await openTracker();
    const run = await runMain(['observe', ...asking(tracker), '--ip', '192.0.2.1', '--output', folder]);
    expect(run).toEqual({ status: 2, stdout: '', stderr: `cct: cannot write ${folder}: it is a directory\n` });
    expect([look(), tracker.requests]).toEqual([untouched, []]);
  });

  test('refuses a folder that is not there before anything is asked, and does not make it', async () => {
    const folder = join(openTempDir(), 'missing');
    const tracker = await openTracker();
    const run = await runMain(['observe', ...asking(tracker), '--ip', '192.0.2.1', '--output', join(folder, 'out.json')]);
    expect([run.status, run.stdout, tracker.requests, existsSync(folder)]).toEqual([2, '', [], false]);
    expect(run.stderr.split('\n')).toEqual([
      expect.stringContaining(`cannot write ${folder}/out.json: its directory does not exist`),
      '',
    ]);
  });

  test('to a device that is full is a clear error', async () => {
    expect(await runMain([...SAMPLE, '--output', '/dev/full'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'cct: cannot write /dev/full: the disk is full\n',
    });
  });
});

describe('--output on a signal', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s writes a whole, valid document with what was ready', async (signal, status) => {
    const { path, look } = openFolder();
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
    expect(readAnswer(content)).toEqual({
      verdicts: ['192.0.2.1'],
      judgements: ['192.0.2.1'],
      errors: [
        {
          type: 'warning',
          code: 'service unavailable',
          message: 'Interrupted before it was answered: 192.0.2.66, 192.0.2.2',
        },
      ],
    });
    expect(keysAsked(tracker)).toEqual(['192.0.2.1', '192.0.2.66']);
  });
});
