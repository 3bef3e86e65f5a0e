import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readAnswer, readRows, spawnCct } from '../helpers/run-cct.ts';
import { asking, openTracker, SAMPLE, toPanelUrls, writeTempFile } from './live.ts';

/* The built program as a process: enough to see that it starts. The system suite has the rest. */

const LISTED = ['--ip', '198.51.100.60'];

test('the first command of README.md prints Verdicts and Judgements', async () => {
  const [, words = ''] = /^npm ci && npx cct (.+)$/m.exec(readFileSync('README.md', 'utf8')) ?? [];
  const { status, stdout } = await spawnCct(words.split(' ')).finished;
  const { verdicts, judgements, errors } = readAnswer(stdout);
  expect([status, (verdicts ?? []).length > 0, judgements, errors]).toEqual([0, true, verdicts, []]);
});

describe('the exit status', () => {
  test.each([
    [0, ['--version']],
    [0, ['observe', ...SAMPLE, '-q', ...LISTED]],
    [2, ['observe', '--no-such-flag']],
    [4, ['observe', '--offline', ...LISTED]],
    [10, ['observe', ...SAMPLE, '--fail-on-listed', '-q', ...LISTED]],
  ])('is %i for %j', async (expected, args) => {
    const { status, signal } = await spawnCct(args).finished;
    expect([status, signal]).toEqual([expected, null]);
  });

  test('is 3 where one of two lookups fails', async () => {
    const tracker = await openTracker({ faults: { '192.0.2.66': 'html' } });
    const run = await spawnCct(['observe', ...asking(tracker), '--ip', '192.0.2.66', '--ip', '192.0.2.1']).finished;
    expect(run).toMatchObject({ status: 3, stderr: expect.stringMatching(/^cct: key error: .*192\.0\.2\.66/) as unknown });
  });
});

describe('a pipe', () => {
  test('as stdin is read to its end', async () => {
    const run = await spawnCct(['observe', ...SAMPLE, '-q', '--format', 'ndjson'], { stdin: 'hxxp://drop[.]example/1\n' })
      .finished;
    expect([run.status, readRows(run.stdout), run.stderr]).toEqual([0, ['listed url http://drop.example/1'], '']);
  });

  test('that its reader closes ends the program quietly', async () => {
    const args = ['observe', ...SAMPLE, '-q', writeTempFile('big.txt', toPanelUrls(4000)), '--format', 'ndjson'];
    const run = spawnCct(args);
    run.stdout.once('data', () => run.stdout.destroy());
    const { status, stderr } = await run.finished;
    expect([[0, 141].includes(status ?? -1), stderr]).toEqual([true, '']);
  });
});

test('a relay answers, and stops at a signal', async () => {
  const run = spawnCct(['serve', '--port', '0', ...SAMPLE]);
  const [url] = await run.said(/http:\/\/[\d.:]+/);
  const body = JSON.stringify([{ type: 'ip', value: '198.51.100.60' }]);
  const answer = await fetch(`${url}/observe/observables`, { method: 'POST', body });
  expect(readAnswer(await answer.text()).verdicts).toEqual(['198.51.100.60']);
  run.kill('SIGTERM');
  expect(await run.finished).toMatchObject({ status: 0, signal: null, stdout: '' });
});
