import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { openTempDir, readAnswer, spawnCct } from '../helpers/run-cct.ts';
import { asking, keysAsked, openTracker, toPanelUrls } from './live.ts';
import { waitUntil } from '../helpers/serve.ts';

const LISTED = '192.0.2.1';
const STALLED = '192.0.2.66';
// With one place, the second is asked when the first is answered.
const ONE_BY_ONE = ['--concurrency', '1'];
const IPS = [...ONE_BY_ONE, '--ip', LISTED, '--ip', STALLED];

const openStallingTracker = () => openTracker({ listings: { [LISTED]: 'Malicious' }, faults: { [STALLED]: 'stalled-headers' } });

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s prints what is ready, valid, and exits with %i', async (signal, status) => {
  const tracker = await openStallingTracker();
  const child = spawnCct(['observe', ...asking(tracker), ...IPS]);
  await waitUntil(() => keysAsked(tracker).includes(STALLED));
  child.kill(signal);
  const run = await child.finished;
  expect([run.status, run.signal]).toEqual([status, null]);
  expect(validateAnswer(JSON.parse(run.stdout))).toEqual([]);
  const { verdicts, errors } = readAnswer(run.stdout);
  const message = `Interrupted before it was answered: ${STALLED}`;
  expect([verdicts, errors]).toEqual([[LISTED], [{ type: 'warning', code: 'service unavailable', message }]]);
  expect(run.stderr).toContain(`cct: ${message}\n2 observables: 1 listed, 1 failed (1 interrupted) (`);
});

test('a second signal ends the program at once, also when nobody reads what is ready', async () => {
  const child = spawnCct(['observe', '--snapshot', 'sample', '--format', 'ndjson'], { stdin: toPanelUrls(4000) });
  await once(child.stdout, 'data');
  child.stdout.pause();
  let hasEnded = false;
  child.onExit(() => (hasEnded = true));
  await vi.waitFor(
    () => {
      child.kill('SIGINT');
      expect(hasEnded).toBe(true);
    },
    { timeout: 10_000, interval: 50 },
  );
  child.stdout.resume();
  expect(await child.finished).toMatchObject({ status: null, signal: 'SIGINT', stderr: '' });
});

test.each([['input'], ['output']])('a signal ends a run that waits for a pipe as %s', async (what) => {
  const directory = openTempDir();
  const [pipe, empty] = [join(directory, 'pipe'), join(directory, 'empty.json')];
  execFileSync('mkfifo', [pipe]);
  writeFileSync(empty, '[]');
  const child = spawnCct(['observe', '--snapshot', 'sample', empty, ...(what === 'input' ? [pipe] : ['--output', pipe])]);
  // The pipe is next.
  await child.said(/no observables found/);
  child.kill('SIGTERM');
  const run = await child.finished;
  expect([143, 'SIGTERM']).toContain(run.status ?? run.signal);
});

test('a signal ends a run that reads from a pipe whose writer is silent, after printing what is ready', async () => {
  const pipe = join(openTempDir(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const child = spawnCct(['observe', '--snapshot', 'sample', '--format', 'ndjson', pipe]);
  const writer = await open(pipe, 'w');
  await writer.write('198.51.100.60\n');
  await child.printed(/"listed"/);
  child.kill('SIGINT');
  const run = await child.finished;
  await writer.close();
  expect([130, 'SIGINT']).toContain(run.status ?? run.signal);
  expect(run.stderr).toContain('1 observable: 1 listed');
});

test.each([
  ['--exclude', ['observe', '--snapshot', 'sample', '--ip', '192.0.2.1', '--exclude']],
  ['--warninglist', ['observe', '--snapshot', 'sample', '--ip', '192.0.2.1', '--warninglist']],
  ['--new-since', ['observe', '--snapshot', 'sample', '--ip', '192.0.2.1', '--new-since']],
  ['--snapshot', ['observe', '--ip', '192.0.2.1', '--snapshot']],
  ['snapshot import', ['snapshot', 'import']],
  ['snapshot diff', ['snapshot', 'diff', 'sample']],
  ['--jwt-secret-file', ['serve', '--port', '0', '--jwt-secret-file']],
])('a signal ends a run that waits for a pipe of %s', async (_what, args) => {
  const pipe = join(openTempDir(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const child = spawnCct([...args, pipe], { env: { XDG_DATA_HOME: openTempDir() } });
  // Held open for writing, silently: the run waits for what never comes.
  const writer = await open(pipe, 'w');
  child.kill('SIGTERM');
  const run = await child.finished;
  await writer.close();
  expect([143, 'SIGTERM']).toContain(run.status ?? run.signal);
  expect(run.stderr).toBe('cct: interrupted\n');
});

test('a signal interrupts a run that waits for nothing', async () => {
  const file = join(openTempDir(), 'a.ndjson');
  writeFileSync(file, Array.from({ length: 300_000 }, (_, at) => `{"type":"url","value":"http://h${at}.example/"}\n`).join(''));
  const child = spawnCct(['observe', '--snapshot', 'sample', '--format', 'csv', '--only', 'listed', '-v', file]);
  await child.said(/typed observables, 300,000/);
  child.kill('SIGINT');
  expect((await child.finished).status).toBe(130);
});
