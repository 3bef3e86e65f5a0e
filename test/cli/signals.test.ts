import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { readAnswer, readRows, spawnCct, startMain } from '../helpers/run-cct.ts';
import { asking, keysAsked, openTracker, toPanelUrls } from './live.ts';
import { waitUntil } from '../helpers/serve.ts';

const LISTED = '192.0.2.1';
const STALLED = '192.0.2.66';
// With one place, the second is asked when the first is answered.
const ONE_BY_ONE = ['--concurrency', '1'];
const IPS = [...ONE_BY_ONE, '--ip', LISTED, '--ip', STALLED];

const openStallingTracker = () => openTracker({ listings: { [LISTED]: 'Malicious' }, faults: { [STALLED]: 'stalled-headers' } });

describe('in the middle of a run', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
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
    expect(run.stderr).toContain(`cct: service unavailable: ${message}\n2 observables: 1 listed, 1 failed (`);
  });

  test('SIGINT leaves whole rows of ndjson', async () => {
    const tracker = await openStallingTracker();
    const run = startMain(['observe', ...asking(tracker), '--format', 'ndjson', ...IPS]);
    await waitUntil(() => keysAsked(tracker).includes(STALLED));
    run.stop('SIGINT');
    const { status, stdout } = await run.finished;
    expect([status, readRows(stdout)]).toEqual([130, [`listed ip ${LISTED}`, `failed ip ${STALLED}`]]);
  });

  test('SIGINT of health says so', async () => {
    const tracker = await openTracker({ rootFault: 'stalled-headers' });
    const run = startMain(['health', ...asking(tracker)]);
    await waitUntil(() => tracker.requests.length === 1);
    run.stop('SIGINT');
    expect(await run.finished).toEqual({
      status: 130,
      stdout: '{"errors":[{"type":"warning","code":"service unavailable","message":"Interrupted before it was answered"}]}\n',
      stderr: 'cct: service unavailable: Interrupted before it was answered\n',
    });
  });

  test('SIGINT while stdin is awaited ends the run, with nothing on stdout where nothing was read', async () => {
    const stdin = new PassThrough();
    const run = startMain(['observe', '--snapshot', 'sample'], { stdin });
    await waitUntil(() => stdin.listenerCount('readable') > 0);
    run.stop('SIGINT');
    expect(await run.finished).toEqual({ status: 130, stdout: '', stderr: 'cct: Interrupted before it was answered\n' });
    expect(stdin.destroyed).toBe(true);
  });

  test('SIGINT while more of stdin is awaited prints what was read', async () => {
    const tracker = await openStallingTracker();
    const stdin = new PassThrough();
    stdin.write(`${LISTED}\n${STALLED}\n`);
    const run = startMain(['observe', ...asking(tracker), ...ONE_BY_ONE], { stdin });
    await waitUntil(() => keysAsked(tracker).includes(STALLED));
    run.stop('SIGINT');
    const { status, stdout, stderr } = await run.finished;
    expect([status, readAnswer(stdout).verdicts]).toEqual([130, [LISTED]]);
    expect(stderr).toContain('interrupted: the rest of the input was not read\n');
    expect(stderr).toContain('2 observables: 1 listed, 1 failed');
  });
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
