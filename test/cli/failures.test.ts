import { describe, expect, test } from 'vitest';
import type { Fault } from '../helpers/fake-tracker.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { readAnswer, runMain } from '../helpers/run-cct.ts';
import { asking, openTracker } from './live.ts';

const BAD = '192.0.2.66';
const status = (code: number): Fault => ({ kind: 'status', status: code });
const body = (text: string): Fault => ({ kind: 'body', body: text });

test('the raw answer that was not understood is shown with -v', async () => {
  const tracker = await openTracker({ faults: { [BAD]: body('{"message":"Perhaps\u001B[2J"}') } });
  const run = await runMain(['observe', ...asking(tracker), '-v', '--ip', BAD]);
  expect(run.status).toBe(4);
  expect(run.stderr).toContain(`the answer for ${BAD} was: {"message":"Perhaps\uFFFD[2J"}\n`);
});

test('like failures share one error, which names the first five and counts the rest', async () => {
  const tracker = await openTracker({ faultEverywhere: status(403) });
  const ips = [1, 2, 3, 4, 5, 6, 7].map((last) => `192.0.2.${last}`);
  const run = await runMain(['observe', ...asking(tracker)], { stdin: ips.join('\n') });
  const { errors } = readAnswer(run.stdout);
  expect([run.status, errors.map(({ code }) => code)]).toEqual([4, ['permission denied']]);
  expect(errors[0]?.message).toMatch(/: 192\.0\.2\.1, 192\.0\.2\.2, 192\.0\.2\.3, 192\.0\.2\.4, 192\.0\.2\.5 and 2 more$/);
});

test('a failure that passes is asked again, and is none', async () => {
  const tracker = await openTracker({ faults: { [BAD]: status(503) }, failFirst: 1 });
  const run = await runMain(['observe', '--api-url', tracker.url, '--ip', BAD]);
  expect([run.status, run.stdout, tracker.lookups().length]).toEqual([0, '{"data":{}}\n', 2]);
});

test('a challenge that is passed is no failure', async () => {
  const tracker = await openTracker({ challenge: 'on', listings: { [BAD]: 'Malicious: Pony' } });
  const run = await runMain(['observe', ...asking(tracker), '--ip', BAD]);
  expect([run.status, readAnswer(run.stdout).verdicts, tracker.challengesIssued]).toEqual([0, [BAD], 1]);
});

describe('a deadline', () => {
  test('is a warning that names what is unanswered; what is answered is printed', async () => {
    const tracker = await openTracker({ faults: { [BAD]: 'stalled-headers' }, listings: { '192.0.2.1': 'Malicious' } });
    const args = ['observe', ...asking(tracker), '--deadline', '300ms', '--ip', BAD, '--ip', '192.0.2.1'];
    const run = await runMain(args);
    const { verdicts, errors } = readAnswer(run.stdout);
    expect([run.status, verdicts, errors]).toEqual([
      3,
      ['192.0.2.1'],
      [{ type: 'warning', code: 'service unavailable', message: `No answer within the deadline of 300 ms: ${BAD}` }],
    ]);
  });

  test('makes exit 4 when nothing was answered', async () => {
    const tracker = await openTracker({ faultEverywhere: 'stalled-headers' });
    const run = await runMain(['observe', ...asking(tracker), '--deadline', '50ms', '--ip', BAD]);
    expect([run.status, validateAnswer(JSON.parse(run.stdout))]).toEqual([4, []]);
  });
});
