import { describe, expect, test } from 'vitest';
import { runMain } from '../helpers/run-cct.ts';

const run = (...args: readonly string[]) => runMain(['module-type', '--url', 'https://relay.example', ...args]);

describe('a setting without effect is an error', () => {
  test.each(['none', 'bearer'])('an audience with %s', async (auth) => {
    expect(await run('--auth', auth, '--audience', 'x')).toEqual({
      status: 2,
      stdout: '',
      stderr: `cct: --audience has no effect with --auth ${auth}: only hs256 and rs256 have an audience\n`,
    });
  });

  test.each(['none', 'bearer', 'hs256'])('a key host with %s', async (auth) => {
    expect(await run('--auth', auth, '--jwks-host', 'keys.example')).toEqual({
      status: 2,
      stdout: '',
      stderr: `cct: --jwks-host has no effect with --auth ${auth}: only rs256 has keys of a host\n`,
    });
  });

  test('but not where it has one', async () => {
    const runs = [
      run('--audience', 'x'),
      run('--auth', 'rs256', '--audience', 'x', '--jwks-host', 'keys.example'),
      run('--auth', 'none'),
    ];
    expect((await Promise.all(runs)).map(({ status, stderr }) => [status, stderr])).toEqual(runs.map(() => [0, '']));
  });
});
