import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveConfig } from '../../src/config.ts';
import type { ChosenSource } from '../../src/wiring/resolve-source.ts';
import { resolveSource } from '../../src/wiring/resolve-source.ts';
import { readRows, runMain, openTempDir, spawnCct } from '../helpers/run-cct.ts';
import { complaint, openTracker } from './live.ts';

type Source = ChosenSource | 'contradiction';

/** What answers with these flags and variables. */
function sourceOf(flags: Readonly<Record<string, string | true>>, env: Readonly<Record<string, string>>): Source {
  try {
    return resolveSource(resolveConfig(flags, env));
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : '';
    if (
      /^(?:--offline and --source|CCT_OFFLINE and CCT_SOURCE) (live|auto) cannot be used together: give only one$/.test(message)
    )
      return 'contradiction';
    throw thrown;
  }
}

test.each<[Record<string, string | true>, Record<string, string>, Source]>([
  [{}, {}, 'auto'],
  [{ source: 'live' }, {}, 'live'],
  [{ source: 'snapshot' }, {}, 'snapshot'],
  [{ offline: true }, {}, 'snapshot'],
  [{ offline: true, source: 'snapshot' }, {}, 'snapshot'],
  [{ offline: true, source: 'live' }, {}, 'contradiction'],
  [{ offline: true, source: 'auto' }, {}, 'contradiction'],
  [{ snapshot: 'x' }, {}, 'snapshot'],
  [{ snapshot: 'x', source: 'live' }, {}, 'live'],
  [{ snapshot: 'x', source: 'auto' }, {}, 'auto'],
  [{}, { CCT_SOURCE: 'live' }, 'live'],
  [{}, { CCT_OFFLINE: '1' }, 'snapshot'],
  [{}, { CCT_OFFLINE: '0' }, 'auto'],
  [{}, { CCT_SNAPSHOT: 'x' }, 'snapshot'],
  [{}, { CCT_SNAPSHOT: 'x', CCT_SOURCE: 'live' }, 'live'],
  [{}, { CCT_OFFLINE: '1', CCT_SOURCE: 'live' }, 'contradiction'],
  [{ source: 'live' }, { CCT_SOURCE: 'snapshot' }, 'live'],
  [{ source: 'live' }, { CCT_OFFLINE: '1' }, 'live'],
  [{ source: 'live' }, { CCT_SNAPSHOT: 'x' }, 'live'],
  [{ offline: true }, { CCT_SOURCE: 'live' }, 'snapshot'],
  [{ snapshot: 'x' }, { CCT_SOURCE: 'live' }, 'snapshot'],
  [{ snapshot: 'x' }, { CCT_OFFLINE: '1', CCT_SOURCE: 'live' }, 'snapshot'],
])('the source with %j and %j is %s', (flags, env, source) => {
  expect(sourceOf(flags, env)).toBe(source);
});

describe('offline', () => {
  test('without an installed snapshot is exit 4, says how to get one, and sends nothing', async () => {
    const tracker = await openTracker();
    const home = openTempDir();
    const args = ['observe', '--offline', '--api-url', tracker.url, '--ip', '192.0.2.1'];
    const advice = 'install one with `cct snapshot update` or `cct snapshot import FILE`';
    expect(await runMain(args, { env: { XDG_DATA_HOME: home } })).toEqual(
      complaint(`no snapshot at ${home}/cct/snapshot.tsv; ${advice}`, 4),
    );
    expect(tracker.requests).toEqual([]);
  });

  test.each([['observe', '--ip', '192.0.2.1'], ['deliberate', '--ip', '192.0.2.1'], ['health'], ['snapshot', 'info']])(
    'with a snapshot that does not exist is exit 2: %s',
    async (...args) => {
      expect(await runMain([...args, '--snapshot', 'missing.tsv'])).toEqual(complaint('cannot read missing.tsv: no such file'));
    },
  );

  test('with a broken snapshot is exit 2, naming file and line', async () => {
    const home = openTempDir();
    const path = join(home, 'cct', 'snapshot.tsv');
    mkdirSync(join(home, 'cct'));
    writeFileSync(path, '# cct snapshot 9\n');
    const run = await runMain(['observe', '--offline', '--ip', '192.0.2.1'], { env: { XDG_DATA_HOME: home } });
    expect(run).toEqual(complaint(`${path}: line 1: unsupported snapshot version "9"; this cct reads version 1`));
  });

  test('that contradicts --source is a wrong command line', async () => {
    expect(await runMain(['observe', '--offline', '--source', 'live', '--ip', '192.0.2.1'])).toEqual(
      complaint('--offline and --source live cannot be used together: give only one'),
    );
  });
});

test('a snapshot answers for private things too, since nothing is sent', async () => {
  const tracker = await openTracker();
  const args = ['observe', '--snapshot', 'sample', '--api-url', tracker.url, '--format', 'ndjson'];
  const run = await runMain([...args, '--ip', '10.0.0.8', '--url', 'http://u:p@localhost/x']);
  expect(readRows(run.stdout)).toEqual(['unlisted ip 10.0.0.8', 'unlisted url http://u:p@localhost/x']);
  expect([run.status, tracker.requests]).toEqual([0, []]);
});

test('a snapshot counts as healthy', async () => {
  const run = await runMain(['health', '--snapshot', 'sample']);
  expect(run).toEqual({ status: 0, stdout: '{"data":{"status":"ok"}}\n', stderr: '' });
});

test('every setting can come from the environment', async () => {
  const env = { CCT_SNAPSHOT: 'sample', CCT_FORMAT: 'csv', CCT_DEFANG: 'yes', CCT_QUIET: '1', CCT_FAIL_ON_LISTED: 'on' };
  const run = await runMain(['observe', '--url', 'http://panel.example/d12/cp.php?m=login'], { env });
  expect([run.status, run.stderr]).toEqual([10, '']);
  expect(run.stdout).toContain('\nurl,hxxp://panel[.]example/d12/cp.php?m=login,listed,');
});

test('a proxy of the environment that is no URL is a wrong setting, and its password is not shown', async () => {
  const args = ['observe', '-q', '--source', 'live', '--api-url', 'https://127.0.0.1:1/', '--ip', '192.0.2.1'];
  const message =
    "the environment's proxy for https://127.0.0.1:1 is invalid: set an http or https URL without a path, or unset it";
  const { status, stderr } = await spawnCct(args, { env: { HTTPS_PROXY: 'http://me:pw@:x' } }).finished;
  expect({ status, stdout: '', stderr }).toEqual(complaint(message));
});
