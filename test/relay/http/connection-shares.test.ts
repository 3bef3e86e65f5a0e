import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createAddressRanges } from '../../../src/core/observables/address-ranges.ts';
import { toShare } from '../../../src/relay/http/connection-shares.ts';
import { openRaw } from '../../helpers/serve.ts';
import type { Served } from '../served-app.ts';
import { echo, serve, toRequest } from '../served-app.ts';

const REFUSED = { status: undefined, reason: 'Too many connections from one address', method: undefined, address: '127.0.0.1' };

/** Opens connections until the server keeps one. */
async function keep({ port }: Served): Promise<Socket> {
  for (;;) {
    const raw = openRaw(port);
    raw.send(toRequest('/kept'));
    if ((await raw.received(/GET \/kept/)) !== '') return raw.socket;
  }
}

/** Opens a connection, and resolves with what it receives until the server closes it. */
async function openRefused({ port }: Served): Promise<string> {
  const raw = openRaw(port);
  raw.send(toRequest('/refused'));
  return raw.received();
}

describe('one address', () => {
  test('has a share of the connections; further ones are closed at once and reported', async () => {
    const served = await serve(echo, { maxConnectionsPerAddress: 2 });
    const kept = [await keep(served), await keep(served)];
    expect([await openRefused(served), await openRefused(served)]).toEqual(['', '']);
    expect(served.refused).toEqual([REFUSED, REFUSED]);
    expect(kept.map(({ destroyed }) => destroyed)).toEqual([false, false]);
  });

  test('has its share again when its connections close', async () => {
    const served = await serve(echo, { maxConnectionsPerAddress: 1 });
    for (let round = 0; round < 3; round += 1) {
      const socket = await keep(served);
      expect(await openRefused(served)).toBe('');
      socket.destroy();
    }
  });

  test('has the whole number where it is a trusted proxy', async () => {
    const trustedProxies = createAddressRanges(['127.0.0.0/8']);
    const served = await serve(echo, { maxConnections: 3, maxConnectionsPerAddress: 1 }, { trustedProxies });
    for (let count = 0; count < 3; count += 1) await keep(served);
    expect(await openRefused(served)).toBe('');
    expect(served.refused).toEqual([{ ...REFUSED, reason: 'Too many connections' }]);
  });

  test('leaves the others their share', async () => {
    const served = await serve(echo, { maxConnectionsPerAddress: 1 });
    await keep(served);
    const other = connect({ port: served.port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    onTestFinished(() => void other.destroy());
    other.write(toRequest('/other'));
    const [answer] = (await once(other, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

test.each([
  ['192.0.2.1', '192.0.2.1', true],
  ['192.0.2.1', '::ffff:192.0.2.1', true],
  ['192.0.2.1', '192.0.2.2', false],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.2', false],
  ['2001:db8::1', '2001:db8::ffff:ffff:ffff:ffff', true],
  ['2001:db8::1', '2001:db8:0:1::1', false],
  ['fe80::1%eth0', 'fe80::2%eth0', true],
  ['192.0.2.1', '2001:db8::1', false],
])('%s and %s have one share: %s', (one, other, isShared) => {
  expect(toShare(one) === toShare(other)).toBe(isShared);
});
