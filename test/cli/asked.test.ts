import { describe, expect, test } from 'vitest';
import { readRows, runMain } from '../helpers/run-cct.ts';
import { asking, complaint, keysAsked, openTracker, toJson, writeTempFile } from './live.ts';

/** The lookup keys that would be sent, in order. */
async function dryRun(args: readonly string[], stdin?: string): Promise<string[]> {
  const run = await runMain(['observe', '--dry-run', '-q', ...args], stdin === undefined ? {} : { stdin });
  expect([run.status, run.stderr]).toEqual([0, '']);
  return run.stdout.split('\n').slice(0, -1);
}

describe('the order', () => {
  test('is that of the command line across --ip and --url', async () => {
    const args = ['--url', 'http://a.example/', '--ip', '192.0.2.1', '--url=http://b.example/', '--ip', '192.0.2.2'];
    expect(await dryRun(args)).toEqual(['a.example/', '192.0.2.1', 'b.example/', '192.0.2.2']);
  });

  test('is that of the command line', async () => {
    const [one, two] = [writeTempFile('one.txt', '192.0.2.1\n'), writeTempFile('two.txt', '192.0.2.2\n')];
    expect(await dryRun(['--ip', '192.0.2.9', two, '--url', 'http://a.example/', '-', one], '192.0.2.5')).toEqual([
      ...['192.0.2.9', '192.0.2.2', 'a.example/', '192.0.2.5', '192.0.2.1'],
    ]);
  });

  test('is kept in the answer, whichever lookup is quicker', async () => {
    const tracker = await openTracker({ faults: { '192.0.2.1': { kind: 'slow', delayMs: 100 } } });
    const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson', '--ip', '192.0.2.1', '--ip', '192.0.2.2']);
    expect(readRows(run.stdout)).toEqual(['unlisted ip 192.0.2.1', 'unlisted ip 192.0.2.2']);
  });
});

test.each([
  ['nothing is named', [], ['192.0.2.1']],
  ['there are observables on the command line', ['--ip', '192.0.2.2'], ['192.0.2.2']],
  ['a file is named', ['FILE'], ['192.0.2.2']],
  ['- is named beside others', ['-', '--ip', '192.0.2.2'], ['192.0.2.1', '192.0.2.2']],
])('whether stdin is read where %s', async (_what, args, keys) => {
  const file = writeTempFile('a.txt', '192.0.2.2');
  expect(
    await dryRun(
      args.map((arg) => (arg === 'FILE' ? file : arg)),
      '192.0.2.1\n',
    ),
  ).toEqual(keys);
});

describe('what is given', () => {
  test('on the command line is refanged', async () => {
    const args = ['--ip', '192[.]0[.]2[.]1', '--url', 'hxxp://panel[.]example/x'];
    expect(await dryRun(args)).toEqual(['192.0.2.1', 'panel.example/x']);
  });

  test('twice is one row and one lookup; types differ by more than their case', async () => {
    const tracker = await openTracker();
    const types = ['ip', 'IP', 'url', 'ip'].map((type) => [type, '192.0.2.1'] as const);
    const stdin = toJson(...types, ['url', 'http://192.0.2.1']);
    const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson'], { stdin });
    expect(readRows(run.stdout)).toEqual(['unlisted ip 192.0.2.1', 'unlisted url 192.0.2.1', 'unlisted url http://192.0.2.1']);
    expect(keysAsked(tracker)).toEqual(['192.0.2.1']);
  });

  test('and is literal, private, internal, secret or of another type is skipped and not sent', async () => {
    const tracker = await openTracker();
    const given = [
      ...['ip 192[.]0[.]2[.]1', 'ip 10.0.0.8', 'domain panel.example', 'ip 2001:db8::1', 'url http://localhost/'],
      ...['url http://u:p@panel.example/', 'url http://2130706433/', 'url http://intranet/', 'url http://nas.local/'],
    ];
    const stdin = toJson(...given.map((row) => row.split(' ') as [string, string]));
    const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson'], { stdin });
    expect([run.status, readRows(run.stdout), tracker.requests]).toEqual([0, given.map((row) => `skipped ${row}`), []]);
  });

  test('and is private is looked up with --include-private; what is invalid stays skipped', async () => {
    const stdin = toJson(['ip', '10.0.0.8'], ['url', 'http://u:p@x.example/'], ['ip', 'x']);
    expect(await dryRun(['--include-private'], stdin)).toEqual(['10.0.0.8', 'u:p@x.example/']);
  });
});

describe('a dry run', () => {
  const stdin = toJson(['url', 'http://a.example/x'], ['ip', '10.0.0.8'], ['url', 'https://a.example/x'], ['ip', '192.0.2.1']);

  test('prints each lookup key once, and how many, and sends nothing', async () => {
    const tracker = await openTracker();
    const run = await runMain(['observe', ...asking(tracker), '--dry-run'], { stdin });
    expect(run).toEqual({ status: 0, stdout: 'a.example/x\n192.0.2.1\n', stderr: '2 lookups would be sent\n' });
    expect(tracker.requests).toEqual([]);
  });

  test('prints no character that a terminal obeys', async () => {
    expect(await dryRun([], toJson(['url', 'http://a.example/\u202Ex\u200B']))).toEqual(['a.example/\uFFFDx\uFFFD']);
  });

  test('of a snapshot prints nothing, since nothing would be sent', async () => {
    const stderr = 'nothing would be sent: the snapshot answers\n';
    const run = await runMain(['observe', '--snapshot', 'sample', '--dry-run'], { stdin });
    expect(run).toEqual({ status: 0, stdout: '', stderr });
  });
});

describe('more than 1,000 lookups', () => {
  const toIps = (count: number) =>
    Array.from({ length: count }, (_, at) => `198.51.${100 + Math.floor(at / 250)}.${at % 250}`).join('\n');

  test.each([[], ['--api-url', 'https://CYBERCRIME-tracker.net'], ['--api-url', 'http://cybercrime-tracker.net/']])(
    'at the public site are refused before the first: %s %s',
    async (...args) => {
      const advice = 'would overload the site. Use a snapshot (cct snapshot update, then --offline), or pass --yes';
      expect(await runMain(['observe', ...args], { stdin: toIps(1001) })).toEqual(complaint(`1,001 lookups ${advice}`));
    },
  );

  test('are counted as distinct keys, without skipped ones', async () => {
    const stdin = `${toIps(1000)}\n${toIps(1000)}\n10.0.0.8\nhttp://198.51.100.0\n`;
    expect((await dryRun([], stdin)).length).toBe(1000);
  });

  test.each(['at another address', 'of a snapshot'])('%s are answered', async (where) => {
    const tracker = await openTracker();
    const args = where === 'of a snapshot' ? ['--snapshot', 'sample'] : [...asking(tracker), '--concurrency', '32'];
    const run = await runMain(['observe', ...args, '--format', 'ndjson'], { stdin: toIps(1001) });
    expect([run.status, readRows(run.stdout).length]).toEqual([0, 1001]);
  });
});

test('more than 100 lookups of logs at the public site are refused before the first', async () => {
  const stdin = Array.from(
    { length: 101 },
    (_, at) => `{"dest_ip":"198.51.100.${at}","url":"http://panel.example/${at}"}\n`,
  ).join('');
  const advice = 'List them with --dry-run, look them up in a snapshot with --offline, or pass --yes';
  const run = await runMain(['observe'], { stdin });
  expect(run).toEqual(
    complaint(`101 addresses and 101 URLs from logs or mail would be sent to the site and may be private. ${advice}`),
  );
});
