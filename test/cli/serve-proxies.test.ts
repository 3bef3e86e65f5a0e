import { describe, expect, test } from 'vitest';
import { runMain } from '../helpers/run-cct.ts';
import { startServe } from '../helpers/serve.ts';
import { complaint, SAMPLE } from './live.ts';

const HEADERS = { 'X-Forwarded-For': '198.51.100.7, 203.0.113.5' };

describe('cct serve behind a proxy', () => {
  test.each<[what: string, args: readonly string[], env: Record<string, string>, address: string]>([
    ['no range', [], {}, '127.0.0.1'],
    ['another range', ['--trusted-proxy', '10.0.0.0/8'], {}, '127.0.0.1'],
    ['its range', ['--trusted-proxy', '127.0.0.0/8'], {}, '203.0.113.5'],
    ['two ranges', ['--trusted-proxy', '127.0.0.0/8', '--trusted-proxy', '203.0.113.5'], {}, '198.51.100.7'],
    ['two ranges in the variable', [], { CCT_TRUSTED_PROXY: '127.0.0.1, 203.0.113.0/24' }, '198.51.100.7'],
  ])('logs the address of the caller, given %s', async (_what, args, env, address) => {
    const relay = await startServe([...SAMPLE, ...args], { env });
    await fetch(`${relay.url}/watchdog`, { headers: HEADERS });
    expect(relay.logged().at(-1)).toMatchObject({ msg: 'request', address });
  });

  test.each(['10.0.0.0/33', 'proxy.example', '10.0.0.0/8,', ''])('does not start with %j as its range', async (text) => {
    const expected = 'expected an address or a range such as 192.0.2.0/24, or several separated by commas';
    const run = await runMain(['serve', '--port', '0', '--trusted-proxy', text]);
    expect(run).toEqual(complaint(`--trusted-proxy: ${expected}, got ${JSON.stringify(text)}`));
  });
});
