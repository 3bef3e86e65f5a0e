import { describe, expect, test } from 'vitest';
import { runMain } from '../helpers/run-cct.ts';
import { asking, openTracker, SAMPLE, toJson } from './live.ts';

const LISTED = ['url', 'http://panel.example/d12/cp.php?m=login'] as const;
const ANSWERED = ['ip', '192.0.2.1'] as const;
const FAILED = ['ip', '192.0.2.7'] as const;
const HASH = ['sha256', 'aa'] as const;

/** The exit status with and without the flag; 192.0.2.7 fails. */
async function statusOf(stdin: string, ...args: readonly string[]) {
  const faults = { '192.0.2.7': { kind: 'status', status: 503 } } as const;
  const tracker = await openTracker({ faults, listings: { 'panel.example/d12/cp.php?m=login': 'Malicious: Pony' } });
  const run = ['observe', ...asking(tracker), ...args];
  return [(await runMain([...run, '--fail-on-empty'], { stdin })).status, (await runMain(run, { stdin })).status];
}

describe('exit status 5 says that nothing could be looked up:', () => {
  test.each<[what: string, stdin: string]>([
    ['nothing', ''],
    ['an empty list', '[]'],
    ['no observables', 'nothing to see\n'],
    ['only what is passed over', 'version 1.2.3.4 of a@drop.example\n'],
    ['only other types', toJson(HASH, ['ipv6', '2001:db8::1'])],
    ['only domains, without a list', 'panel[.]example\n'],
  ])('%s', async (_what, stdin) => {
    expect(await statusOf(stdin)).toEqual([5, 0]);
  });
});

test.each<[what: string, stdin: string, args: string[], statuses: number[]]>([
  ['one was answered', toJson(HASH, ANSWERED), [], [0, 0]],
  ['one is private', toJson(HASH, ['ip', '10.0.0.8']), [], [0, 0]],
  ['one is invalid', toJson(HASH, ['ip', 'x']), [], [0, 0]],
  ['one is listed', toJson(HASH, LISTED), ['--fail-on-listed'], [10, 10]],
  ['one failed and one was answered', toJson(HASH, ANSWERED, FAILED), [], [3, 3]],
  ['one failed and none was answered', toJson(HASH, FAILED), [], [4, 4]],
  ['the input is wrong', '[{', [], [2, 2]],
])('it is another where %s', async (_what, stdin, args, statuses) => {
  expect(await statusOf(stdin, ...args)).toEqual(statuses);
});

test('domains that a list answers are answers', async () => {
  const args = ['observe', ...SAMPLE, '--fail-on-empty', '--domain', 'none.example'];
  expect((await runMain(args)).status).toBe(0);
});
