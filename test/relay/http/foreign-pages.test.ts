import { describe, expect, test } from 'vitest';
import { mayBeOfForeignPage } from '../../../src/relay/http/request-checks.ts';
import { openRaw, startServe } from '../../helpers/serve.ts';

const SECRET = 'f'.repeat(31) + 'g';
const BODY = '[{"type":"ip","value":"192.0.2.1"}]';

/** A request as a browser sends it for a page, or a program, with these headers. */
const toRequest = (...headers: readonly string[]) =>
  [
    'POST /deliberate/observables HTTP/1.1',
    ...headers,
    'Connection: close',
    'Content-Type: text/plain',
    `Content-Length: ${BODY.length}`,
    '',
    BODY,
  ].join('\r\n');

async function ask(port: number, ...headers: readonly string[]): Promise<string> {
  const connection = openRaw(port);
  connection.send(toRequest(...headers));
  return await connection.received();
}

test.each([
  [false, [], []],
  [false, ['127.0.0.1:9090'], []],
  [false, ['LocalHost:9090'], []],
  [false, ['[::1]:9090'], []],
  [false, ['127.0.0.1'], []],
  [false, ['127.0.0.1:9090'], ['http://127.0.0.1:9090']],
  [true, ['rebound.example:9090'], []],
  [true, ['127.0.0.1.rebound.example'], []],
  [true, ['localhost.example'], []],
  [true, ['192.0.2.1:9090'], []],
  [true, [''], []],
  [true, ['127.0.0.1:9090'], ['https://page.example']],
  [true, ['127.0.0.1:9090'], ['http://127.0.0.1:9090', 'https://page.example']],
  [true, ['127.0.0.1:9090'], ['http://127.0.0.1:3000']],
  [true, ['127.0.0.1:9090'], ['http://localhost:9090']],
  [true, ['127.0.0.1:9090'], ['null']],
  [true, ['rebound.example:9090'], ['http://rebound.example:9090']],
  [true, [], ['http://127.0.0.1:9090']],
])('it is %s that a page of another site may have sent Host %j and Origin %j', (isSo, hosts, origins) => {
  expect(mayBeOfForeignPage(hosts, origins)).toBe(isSo);
});

describe('a relay without authentication', () => {
  test('refuses pages of other sites, and logs why', async () => {
    const relay = await startServe(['--snapshot', 'sample', '--metrics']);
    const answers = [
      await ask(relay.port, `Host: 127.0.0.1:${relay.port}`, 'Origin: https://page.example'),
      await ask(relay.port, `Host: rebound.example:${relay.port}`),
    ];
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
      expect(answer).toContain('"reason":"Origin or Host is not a loopback name; without authentication');
      expect(answer.toLowerCase()).not.toContain('access-control-allow');
    }
    expect(relay.logged().filter(({ status, refused }) => status === 403 && refused !== undefined)).toHaveLength(2);
    expect(await (await fetch(`${relay.url}/metrics`)).text()).toMatch(/route="unknown",status="403"\} 2\n/);
  });

  test('answers programs, and pages of its own origin', async () => {
    const relay = await startServe(['--snapshot', 'sample']);
    const own = `127.0.0.1:${relay.port}`;
    expect(await ask(relay.port, `Host: ${own}`)).toContain('{"data":{}}');
    expect(await ask(relay.port, `Host: ${own}`, `Origin: http://${own}`)).toContain('{"data":{}}');
    expect(await ask(relay.port, `Host: localhost:${relay.port}`)).toContain('{"data":{}}');
  });

  test('answers every page with --allow-anonymous', async () => {
    const relay = await startServe(['--snapshot', 'sample', '--allow-anonymous']);
    expect(await ask(relay.port, 'Host: relay.example', 'Origin: https://page.example')).toContain('{"data":{}}');
  });
});

test('a relay with authentication checks only the token', async () => {
  const relay = await startServe(['--snapshot', 'sample'], { env: { CCT_JWT_SECRET: SECRET } });
  expect(await ask(relay.port, 'Host: relay.example', 'Origin: https://page.example')).toContain('authorization error');
});
