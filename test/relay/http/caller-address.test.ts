import { describe, expect, test } from 'vitest';
import { createAddressRanges } from '../../../src/core/observables/address-ranges.ts';
import { createRelay } from '../../helpers/relay.ts';
import { waitUntil } from '../../helpers/serve.ts';
import { POST, exchange } from '../raw-answers.ts';
import { serve, toRequest } from '../served-app.ts';

const PROXIES = ['127.0.0.1', '10.0.0.0/8', '2001:db8:1::/48'];

/** The address in the log of a request with these lines of `X-Forwarded-For`. */
async function logAddress(lines: readonly string[], ranges: readonly string[] = PROXIES): Promise<string | undefined> {
  const { log, app } = createRelay();
  const { port } = await serve(app, {}, { trustedProxies: createAddressRanges(ranges) });
  await exchange(port, toRequest('/watchdog', 'Connection: close', ...lines.map((line) => `X-Forwarded-For: ${line}`)));
  await waitUntil(() => log.requests.length > 0);
  return log.requests[0]?.address;
}

describe('the address of a caller behind a trusted proxy', () => {
  test.each([
    ['the only entry', ['198.51.100.7'], '198.51.100.7'],
    ['the last entry, not what the caller wrote', ['192.0.2.66, 198.51.100.7'], '198.51.100.7'],
    ['left of other proxies', ['192.0.2.66, 198.51.100.7, 10.1.1.1, 10.2.2.2'], '198.51.100.7'],
    ['on the line before', ['192.0.2.66', '198.51.100.7', '10.1.1.1'], '198.51.100.7'],
    ['the first proxy where all are trusted', ['10.1.1.1,10.2.2.2'], '10.1.1.1'],
    ['without its port', ['198.51.100.7:567'], '198.51.100.7'],
    ['IPv6', ['2001:db8:2::A'], '2001:db8:2::a'],
    ['IPv6 in brackets', ['[2001:db8:2::a]'], '2001:db8:2::a'],
    ['IPv6 in brackets without its port', ['[2001:db8:2::a]:80'], '2001:db8:2::a'],
    ['left of a proxy with IPv6 and a port', ['198.51.100.7, [2001:db8:1::1]:443'], '198.51.100.7'],
    ['IPv4 where it is mapped', ['::ffff:198.51.100.7'], '198.51.100.7'],
    ['left of a mapped proxy', ['198.51.100.7, ::ffff:10.1.1.1'], '198.51.100.7'],
    ["the connection's without the header", [], '127.0.0.1'],
    ["the connection's with an empty header", [''], '127.0.0.1'],
    ["the connection's behind a last entry that is none", ['198.51.100.7, unknown'], '127.0.0.1'],
    ['the last good one', ['198.51.100.7, unknown, 10.1.1.1'], '10.1.1.1'],
    ['the last good one before a hole', ['198.51.100.7, , 10.1.1.1'], '10.1.1.1'],
    ['nothing with a zone', ['fe80::1%x'], '127.0.0.1'],
    ['nothing with a port behind bare IPv6', ['2001:db8:2::a]:80'], '127.0.0.1'],
    ['no name', ['caller.example'], '127.0.0.1'],
    ['no short form', ['198.51.7'], '127.0.0.1'],
    ['no range', ['198.51.100.0/24'], '127.0.0.1'],
  ])('is %s', async (_what, lines, address) => {
    expect(await logAddress(lines)).toBe(address);
  });

  test('is that of the connection without proxies, and from an address that is none', async () => {
    const lines = ['198.51.100.7'];
    expect([await logAddress(lines, []), await logAddress(lines, ['10.0.0.0/8'])]).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  test.each([
    ['a header that the server refuses', `${POST}Expect: wonders\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n`],
    ['CONNECT', 'CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n'],
    ['two Hosts', `${POST}Host: b\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n`],
  ])('is in the report of a refused request: %s', async (_what, bytes) => {
    const { port, refused } = await serve(createRelay().app, {}, { trustedProxies: createAddressRanges(PROXIES) });
    await exchange(port, bytes);
    expect(refused).toMatchObject([{ address: '198.51.100.7' }]);
  });

  test('does not make a foreign page a local one', async () => {
    const { port } = await serve(
      createRelay().app,
      {},
      {
        refusesForeignPages: true,
        trustedProxies: createAddressRanges(PROXIES),
      },
    );
    const answer = await exchange(port, toRequest('/', 'Connection: close', 'X-Forwarded-For: 127.0.0.1'));
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });
});
