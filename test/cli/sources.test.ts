import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveConfig } from '../../src/config.ts';
import type { ChosenSource } from '../../src/wiring/resolve-source.ts';
import { resolveSource } from '../../src/wiring/resolve-source.ts';
import { readRows, runMain, openTempDir, spawnCct } from '../helpers/run-cct.ts';
import { openTracker } from './live.ts';

type Source = ChosenSource | 'contradiction';

/** What answers with these flags and variables. */
function sourceOf(flags: Readonly<Record<string, string | true>>, env: Readonly<Record<string, string>>): Source {
  try {
    return resolveSource(resolveConfig(flags, env));
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : '';
    if (/^(?:--offline and --source|CCT_OFFLINE and CCT_SOURCE) (live|auto) exclude each other: give only one$/.test(message))
      return 'contradiction';
    throw thrown;
  }
}

describe('what answers', () => {
  const table: [Record<string, string | true>, Record<string, string>, Source][] = [
    [{}, {}, 'auto'],
    [{ source: 'auto' }, {}, 'auto'],
    [{ source: 'live' }, {}, 'live'],
    [{ source: 'snapshot' }, {}, 'snapshot'],
    [{ offline: true }, {}, 'snapshot'],
    [{ offline: true, source: 'snapshot' }, {}, 'snapshot'],
    [{ offline: true, source: 'live' }, {}, 'contradiction'],
    [{ offline: true, source: 'auto' }, {}, 'contradiction'],
    [{ snapshot: 'x' }, {}, 'snapshot'],
    [{ snapshot: 'x', source: 'live' }, {}, 'live'],
    [{ snapshot: 'x', source: 'auto' }, {}, 'auto'],
    [{ snapshot: 'x', source: 'snapshot' }, {}, 'snapshot'],
    [{}, { CCT_SOURCE: 'live' }, 'live'],
    [{}, { CCT_SOURCE: 'snapshot' }, 'snapshot'],
    [{}, { CCT_OFFLINE: '1' }, 'snapshot'],
    [{}, { CCT_OFFLINE: '0' }, 'auto'],
    [{}, { CCT_SNAPSHOT: 'x' }, 'snapshot'],
    [{}, { CCT_SNAPSHOT: 'x', CCT_SOURCE: 'live' }, 'live'],
    [{}, { CCT_OFFLINE: '1', CCT_SOURCE: 'live' }, 'contradiction'],
    [{ source: 'live' }, { CCT_SOURCE: 'snapshot' }, 'live'],
    [{ source: 'live' }, { CCT_OFFLINE: '1' }, 'live'],
    [{ source: 'live' }, { CCT_SNAPSHOT: 'x' }, 'live'],
    [{ source: 'snapshot' }, { CCT_SOURCE: 'live' }, 'snapshot'],
    [{ offline: true }, { CCT_SOURCE: 'live' }, 'snapshot'],
    [{ snapshot: 'x' }, { CCT_SOURCE: 'live' }, 'snapshot'],
    [{ snapshot: 'x' }, { CCT_OFFLINE: '1', CCT_SOURCE: 'live' }, 'snapshot'],
  ];

  test.each(table)('with %j and %j is %s', (flags, env, source) => {
    expect(sourceOf(flags, env)).toBe(source);
  });
});

describe('offline', () => {
  test('with no snapshot installed is exit 4, says how to get one, and asks nobody', async () => {
    const tracker = await openTracker();
    const home = openTempDir();
    const args = ['observe', '--offline', '--api-url', tracker.url, '--ip', '192.0.2.1'];
    expect(await runMain(args, { env: { XDG_DATA_HOME: home } })).toEqual({
      status: 4,
      stdout: '',
      stderr: `cct: no snapshot at ${home}/cct/snapshot.tsv; install one with \`cct snapshot update\` or \`cct snapshot import FILE\`\n`,
    });
    expect(tracker.requests).toEqual([]);
  });

  test.each([
    ['observe', '--snapshot', 'missing.tsv', '--ip', '192.0.2.1'],
    ['deliberate', '--snapshot', 'missing.tsv', '--ip', '192.0.2.1'],
    ['health', '--snapshot', 'missing.tsv'],
    ['snapshot', 'info', '--snapshot', 'missing.tsv'],
  ])('%s with a snapshot that does not exist is exit 2', async (...args) => {
    expect(await runMain(args)).toEqual({
      status: 2,
      stdout: '',
      stderr: 'cct: cannot read missing.tsv: no such file\n',
    });
  });

  test('with a snapshot that is broken is exit 2, naming file and line', async () => {
    const home = openTempDir();
    mkdirSync(join(home, 'cct'));
    const path = join(home, 'cct', 'snapshot.tsv');
    writeFileSync(path, '# cct snapshot 9\n');
    const run = await runMain(['observe', '--offline', '--ip', '192.0.2.1'], { env: { XDG_DATA_HOME: home } });
    expect(run).toEqual({
      status: 2,
      stdout: '',
      stderr: `cct: ${path}: line 1: unsupported snapshot version "9"; this cct reads version 1\n`,
    });
  });

  test('that contradicts --source is a wrong command line', async () => {
    expect(await runMain(['observe', '--offline', '--source', 'live', '--ip', '192.0.2.1'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'cct: --offline and --source live exclude each other: give only one\n',
    });
  });
});

test('a snapshot is asked about private things too: nothing leaves', async () => {
  const tracker = await openTracker();
  const args = ['observe', '--snapshot', 'sample', '--api-url', tracker.url, '--format', 'ndjson'];
  const run = await runMain([...args, '--ip', '10.0.0.8', '--url', 'http://u:p@localhost/x']);
  expect(readRows(run.stdout)).toEqual(['unlisted ip 10.0.0.8', 'unlisted url http://u:p@localhost/x']);
  expect([run.status, tracker.requests]).toEqual([0, []]);
});

test('a snapshot counts as healthy', async () => {
  expect(await runMain(['health', '--snapshot', 'sample'])).toEqual({
    status: 0,
    stdout: '{"data":{"status":"ok"}}\n',
    stderr: '',
  });
});

test('every setting can come from the environment', async () => {
  const env = { CCT_SNAPSHOT: 'sample', CCT_FORMAT: 'csv', CCT_DEFANG: 'yes', CCT_QUIET: '1', CCT_FAIL_ON_LISTED: 'on' };
  const run = await runMain(['observe', '--url', 'http://panel.example/d12/cp.php?m=login'], { env });
  expect([run.status, run.stderr, run.stdout.split('\r\n')[1]?.split(',').slice(0, 3)]).toEqual([
    10,
    '',
    ['url', 'hxxp://panel[.]example/d12/cp.php?m=login', 'listed'],
  ]);
});

test('a proxy of the environment that is no URL is a wrong setting, and its password is not shown', async () => {
  const run = await spawnCct(['observe', '-q', '--source', 'live', '--api-url', 'https://127.0.0.1:1/', '--ip', '192.0.2.1'], {
    env: { HTTPS_PROXY: 'http://me:pw@:x' },
  }).finished;
  expect([run.status, run.stderr]).toEqual([
    2,
    'cct: the proxy that the environment names for https://127.0.0.1:1 is no http or https URL without a path: correct it, or unset it\n',
  ]);
});
