import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { like, openTempDir, readAnswer, readRows, startMain } from '../helpers/run-cct.ts';
import { asking, keysAsked, openTracker } from './live.ts';
import { waitUntil } from '../helpers/serve.ts';

const LISTED = '192.0.2.1';
const STALLED = '192.0.2.66';
// With one place, the second is asked when the first is answered.
const ONE_BY_ONE = ['--concurrency', '1'];
const IPS = [...ONE_BY_ONE, '--ip', LISTED, '--ip', STALLED];

const openStallingTracker = () => openTracker({ listings: { [LISTED]: 'Malicious' }, faults: { [STALLED]: 'stalled-headers' } });

describe('in the middle of a run', () => {
  test('SIGINT leaves whole rows of ndjson', async () => {
    const tracker = await openStallingTracker();
    const run = startMain(['observe', ...asking(tracker), '--format', 'ndjson', ...IPS]);
    await waitUntil(() => keysAsked(tracker).includes(STALLED));
    run.stop('SIGINT');
    const { status, stdout } = await run.finished;
    expect([status, readRows(stdout)]).toEqual([130, [`listed ip ${LISTED}`, `failed ip ${STALLED}`]]);
    const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { readonly error: unknown };
    expect(last.error).toEqual({ type: 'warning', code: 'interrupted', message: 'Interrupted before it was answered' });
  });

  test('SIGINT of health says so', async () => {
    const tracker = await openTracker({ rootFault: 'stalled-headers' });
    const run = startMain(['health', ...asking(tracker)]);
    await waitUntil(() => tracker.requests.length === 1);
    run.stop('SIGINT');
    expect(await run.finished).toEqual({
      status: 130,
      stdout: '{"errors":[{"type":"warning","code":"service unavailable","message":"Interrupted before it was answered"}]}\n',
      stderr: 'cct: Interrupted before it was answered\n',
    });
  });

  test('SIGINT while stdin is awaited ends the run, with nothing on stdout where nothing was read', async () => {
    const stdin = new PassThrough();
    const run = startMain(['observe', '--snapshot', 'sample'], { stdin });
    await waitUntil(() => stdin.listenerCount('readable') > 0);
    run.stop('SIGINT');
    expect(await run.finished).toEqual({ status: 130, stdout: '', stderr: 'cct: interrupted\n' });
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

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s of --join writes the file, with the records that are answered',
    async (signal) => {
      const tracker = await openStallingTracker();
      const stdin = new PassThrough();
      const record = (ip: string) => `{"timestamp":"1","dest_ip":"${ip}"}\n`;
      stdin.write(`${record(LISTED)}${record(STALLED)}`);
      const file = join(openTempDir(), 'joined.json');
      const run = startMain(['observe', ...asking(tracker), ...ONE_BY_ONE, '--join', '--output', file], { stdin });
      await waitUntil(() => keysAsked(tracker).includes(STALLED));
      run.stop(signal);
      const { status, stderr } = await run.finished;
      expect([status, readFileSync(file, 'utf8')]).toEqual([
        signal === 'SIGINT' ? 130 : 143,
        like(new RegExp(`^\\{"timestamp":"1","dest_ip":"${LISTED}","cct":.*\\}\n$`)),
      ]);
      expect(stderr).toContain('interrupted: the rest of the input was not read\n');
      expect(stderr).toContain('2 observables: 1 listed, 1 failed');
    },
  );
});
