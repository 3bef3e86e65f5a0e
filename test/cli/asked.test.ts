import { describe, expect, test } from 'vitest';
import { readRows, runMain } from '../helpers/run-cct.ts';
import { asking, keysAsked, openTracker, toJson, writeTempFile } from './live.ts';

/** What is asked, in order, told by a dry run. */
async function dryRun(args: readonly string[], stdin?: string): Promise<string[]> {
  const run = await runMain(['observe', '--dry-run', '-q', ...args], stdin === undefined ? {} : { stdin });
  expect([run.status, run.stderr]).toEqual([0, '']);
  return run.stdout.split('\n').slice(0, -1);
}

describe('the order', () => {
  test('is that of the command line across --ip and --url', async () => {
    expect(
      await dryRun(['--url', 'http://a.example/', '--ip', '192.0.2.1', '--url=http://b.example/', '--ip', '192.0.2.2']),
    ).toEqual(['a.example/', '192.0.2.1', 'b.example/', '192.0.2.2']);
  });

  test('is files first, as they are named, then flags', async () => {
    const one = writeTempFile('one.txt', '192.0.2.1\n');
    const two = writeTempFile('two.txt', '192.0.2.2\n');
    expect(await dryRun(['--ip', '192.0.2.9', two, '--url', 'http://a.example/', '-', one], '192.0.2.5')).toEqual([
      ...['192.0.2.2', '192.0.2.5', '192.0.2.1', '192.0.2.9', 'a.example/'],
    ]);
  });

  test('is kept in the answer, whichever lookup is quicker', async () => {
    const tracker = await openTracker({ faults: { '192.0.2.1': { kind: 'slow', delayMs: 100 } } });
    const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson', '--ip', '192.0.2.1', '--ip', '192.0.2.2']);
    expect(readRows(run.stdout)).toEqual(['unlisted ip 192.0.2.1', 'unlisted ip 192.0.2.2']);
  });
});

describe('stdin', () => {
  test('is read when no file and no observable is named', async () => {
    expect(await dryRun([], '192.0.2.1\n')).toEqual(['192.0.2.1']);
  });

  test('is not read when there are observables on the command line', async () => {
    expect(await dryRun(['--ip', '192.0.2.2'], '192.0.2.1\n')).toEqual(['192.0.2.2']);
  });

  test('is not read when a file is named', async () => {
    expect(await dryRun([writeTempFile('a.txt', '192.0.2.2')], '192.0.2.1\n')).toEqual(['192.0.2.2']);
  });

  test('is read beside others where - is named', async () => {
    expect(await dryRun(['-', '--ip', '192.0.2.2'], '192.0.2.1\n')).toEqual(['192.0.2.1', '192.0.2.2']);
  });
});

describe('what is given', () => {
  test('on the command line is refanged', async () => {
    expect(await dryRun(['--ip', '192[.]0[.]2[.]1', '--url', 'hxxp://panel[.]example/x'])).toEqual([
      '192.0.2.1',
      'panel.example/x',
    ]);
  });

  test('as JSON is literal', async () => {
    const tracker = await openTracker();
    const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson'], {
      stdin: toJson(['ip', '192[.]0[.]2[.]1']),
    });
    expect([readRows(run.stdout), tracker.requests]).toEqual([['skipped ip 192[.]0[.]2[.]1'], []]);
  });

  test('twice is one row and one question; types differ by more than their case', async () => {
    const tracker = await openTracker();
    const stdin = toJson(
      ['ip', '192.0.2.1'],
      ['IP', '192.0.2.1'],
      ['url', '192.0.2.1'],
      ['url', 'http://192.0.2.1'],
      ['ip', '192.0.2.1'],
    );
    const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson'], { stdin });
    expect(readRows(run.stdout)).toEqual(['unlisted ip 192.0.2.1', 'unlisted url 192.0.2.1', 'unlisted url http://192.0.2.1']);
    expect(keysAsked(tracker)).toEqual(['192.0.2.1']);
  });

  test('and should not leave the house is skipped and not asked', async () => {
    const tracker = await openTracker();
    const values = [
      'http://localhost/',
      'http://u:p@panel.example/',
      'http://2130706433/',
      'http://intranet/',
      'http://nas.local/',
    ];
    const stdin = toJson(
      ['ip', '10.0.0.8'],
      ['domain', 'panel.example'],
      ['ip', '2001:db8::1'],
      ...values.map((url) => ['url', url] as const),
    );
    const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson'], { stdin });
    expect(readRows(run.stdout)).toEqual([
      ...['skipped ip 10.0.0.8', 'skipped domain panel.example', 'skipped ip 2001:db8::1'],
      ...values.map((value) => `skipped url ${value}`),
    ]);
    expect([run.status, tracker.requests]).toEqual([0, []]);
  });

  test('and is private is asked with --include-private; what cannot be asked stays skipped', async () => {
    expect(
      await dryRun(['--include-private'], toJson(['ip', '10.0.0.8'], ['url', 'http://u:p@x.example/'], ['ip', 'x'])),
    ).toEqual(['10.0.0.8', 'u:p@x.example/']);
  });
});

describe('a dry run', () => {
  const stdin = toJson(['url', 'http://a.example/x'], ['ip', '10.0.0.8'], ['url', 'https://a.example/x'], ['ip', '192.0.2.1']);

  test('prints each lookup key once, says how many, and sends nothing', async () => {
    const tracker = await openTracker();
    const run = await runMain(['observe', ...asking(tracker), '--dry-run'], { stdin });
    expect(run).toEqual({ status: 0, stdout: 'a.example/x\n192.0.2.1\n', stderr: '2 lookups would be sent\n' });
    expect(tracker.requests).toEqual([]);
  });

  test('of a snapshot prints nothing, for nothing would be sent', async () => {
    expect(await runMain(['observe', '--snapshot', 'sample', '--dry-run'], { stdin })).toEqual({
      status: 0,
      stdout: '',
      stderr: 'nothing would be sent: the snapshot answers\n',
    });
  });

  test('still refuses bad input', async () => {
    const run = await runMain(['observe', '--dry-run'], { stdin: '[{}]' });
    expect([run.status, run.stdout]).toEqual([2, '']);
  });
});

describe('more than 1,000 lookups', () => {
  const toIps = (count: number) =>
    Array.from({ length: count }, (_, at) => `198.51.${100 + Math.floor(at / 250)}.${at % 250}`).join('\n');
  const refusal =
    'cct: 1,001 lookups would overload the site. Use a snapshot (cct snapshot update, then --offline), or pass --yes\n';

  test('at the public site stop before the first, naming their number', async () => {
    expect(await runMain(['observe'], { stdin: toIps(1001) })).toEqual({ status: 2, stdout: '', stderr: refusal });
  });

  test('are counted as distinct keys: doubles and skipped ones are none', async () => {
    const stdin = `${toIps(1000)}\n${toIps(1000)}\n10.0.0.8\nhttp://198.51.100.0\n`;
    const run = await runMain(['observe', '--api-url', 'https://CYBERCRIME-tracker.net', '--dry-run'], {
      stdin,
    });
    expect([run.status, run.stderr]).toEqual([0, '1,000 lookups would be sent\n']);
  });

  test.each(['https://CYBERCRIME-tracker.net', 'http://cybercrime-tracker.net/'])(
    'are guarded at the public site as %s',
    async (url) => {
      const run = await runMain(['observe', '--api-url', url], { stdin: toIps(1001) });
      expect(run).toEqual({ status: 2, stdout: '', stderr: refusal });
    },
  );

  test('at another address are asked', async () => {
    const tracker = await openTracker();
    const run = await runMain(['observe', ...asking(tracker), '--concurrency', '32'], { stdin: toIps(1001) });
    expect([run.status, run.stdout, tracker.lookups().length]).toEqual([0, '{"data":{}}\n', 1001]);
  });

  test('of a snapshot are answered', async () => {
    const run = await runMain(['observe', '--snapshot', 'sample'], { stdin: toIps(1001) });
    expect([run.status, run.stdout.slice(0, 10)]).toEqual([0, '{\n  "data"']);
  });
});
