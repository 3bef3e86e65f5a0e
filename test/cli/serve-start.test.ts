import { describe, expect, test } from 'vitest';
import { runMain } from '../helpers/run-cct.ts';
import { startServe } from '../helpers/serve.ts';
import { writeTempFile, SAMPLE } from './live.ts';
import { HS256_SECRET } from '../helpers/tokens.ts';
import { hasIpv6 } from '../helpers/loopback-server.ts';

describe('cct serve starts', () => {
  test('warns when everybody can call it, and only then', async () => {
    const open = await startServe([...SAMPLE, '--host', '0.0.0.0', '--allow-anonymous']);
    expect(open.logged()).toMatchObject([
      { level: 'warn', msg: '0.0.0.0 is reachable by others, and there is no authentication: anyone can send requests' },
      { level: 'info', msg: `listening on ${open.url} · no authentication` },
    ]);
    const local = await startServe([...SAMPLE, '--allow-anonymous']);
    expect(local.logged().map(({ level }) => level)).toEqual(['info']);
    const closed = await startServe([...SAMPLE, '--host', '0.0.0.0', '--allow-anonymous'], {
      env: { CCT_JWT_SECRET: HS256_SECRET },
    });
    expect(closed.logged()).toMatchObject([{ level: 'info', msg: `listening on ${closed.url} · HS256 tokens` }]);
  });

  test.each(['localhost', 'LOCALHOST', '127.0.0.1'])('asks for no authentication on %s', async (host) => {
    const relay = await startServe([...SAMPLE, '--host', host]);
    expect((await relay.post('/version', '')).status).toBe(200);
  });

  test.skipIf(!hasIpv6)('asks for no authentication on ::1', async () => {
    const relay = await startServe([...SAMPLE, '--host', '::1']);
    expect((await relay.post('/version', '')).status).toBe(200);
  });

  test('listens anywhere with --allow-anonymous', async () => {
    const relay = await startServe([...SAMPLE, '--host', '0.0.0.0', '--allow-anonymous']);
    expect((await fetch(`http://127.0.0.1:${relay.port}/watchdog`)).status).toBe(200);
  });
});

describe('cct serve does not start', () => {
  const fail = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runMain(['serve', '--port', '0', ...SAMPLE, ...args], { env });
  const refused = (message: string) => ({ status: 2, stdout: '', stderr: `cct: ${message}\n` });

  test('on an address that others reach, without authentication', async () => {
    const openDoor = (host: string) =>
      refused(
        `${host} is reachable by others, and no authentication is set: give --jwt-secret-file or --jwks-host, or allow it with --allow-anonymous`,
      );
    const hosts = ['0.0.0.0', '::', '192.0.2.1', 'relay.example', '127.0.0.1.example', '128.0.0.1'];
    expect(await Promise.all(hosts.map((host) => fail(['--host', host])))).toEqual(hosts.map(openDoor));
    expect(await fail([], { CCT_HOST: '0.0.0.0' })).toEqual(openDoor('0.0.0.0'));
    expect(await fail([], { CCT_HOST: '0.0.0.0', CCT_ALLOW_ANONYMOUS: '0' })).toEqual(openDoor('0.0.0.0'));
  });

  test('on a port in use', async () => {
    const relay = await startServe(SAMPLE);
    expect(await runMain(['serve', ...SAMPLE, '--port', String(relay.port)])).toEqual(
      refused(`cannot listen on 127.0.0.1, port ${relay.port}: the port is in use; choose another with --port`),
    );
  });

  test('with settings that are none', async () => {
    expect(await runMain(['serve', ...SAMPLE], { env: { PORT: 'tcp://10.0.0.1:80' } })).toEqual(
      refused('PORT: expected a whole number from 0 to 65535, got "tcp://10.0.0.1:80"'),
    );
    expect(await fail(['--jwks-host', 'https://keys.example/', '--audience', 'x'])).toEqual(
      refused(
        '--jwks-host: expected host names, each with or without a port, and commas between them, got "https://keys.example/"',
      ),
    );
  });

  test('with authentication that is none or two', async () => {
    const file = writeTempFile('secret', `${HS256_SECRET}\n`);
    const short = writeTempFile('short', 'short\n');
    expect(await fail(['--audience', 'https://relay.example'])).toEqual(
      refused('--audience has no effect without a secret (--jwt-secret-file) or --jwks-host'),
    );
    expect(await fail(['--jwks-host', 'keys.example'])).toEqual(
      refused("--jwks-host requires --audience: the relay's public origin, e.g. https://relay.example"),
    );
    for (const audience of ['https://relay.example/', 'https://relay.example/cct', 'HTTPS://Relay.example:443?x']) {
      expect(await fail(['--jwt-secret-file', file, '--audience', audience])).toEqual(
        refused('--audience: expected an origin without path or slash at its end: use https://relay.example'),
      );
    }
    expect(await fail([], { CCT_JWKS_HOST: 'keys.example', CCT_AUDIENCE: 'http://relay.example:8080/' })).toEqual(
      refused('CCT_AUDIENCE: expected an origin without path or slash at its end: use http://relay.example:8080'),
    );
    expect(await fail(['--jwks-host', 'keys.example', '--audience', 'x', '--jwt-secret-file', file])).toEqual(
      refused('a secret and --jwks-host exclude each other: give only one'),
    );
    expect(await fail([], { CCT_JWT_SECRET: HS256_SECRET, CCT_JWT_SECRET_FILE: file })).toEqual(
      refused('CCT_JWT_SECRET and CCT_JWT_SECRET_FILE exclude each other: set only one'),
    );
    expect(await fail(['--jwt-secret-file', short])).toEqual(
      refused('The HS256 secret has 5 bytes; RFC 7518, section 3.2, requires at least 32'),
    );
    const long = writeTempFile('long', 'x'.repeat(64 * 1024 + 1));
    expect(await fail(['--jwt-secret-file', long])).toEqual(refused(`cannot read ${long}: it is larger than 65,536 bytes`));
    expect(await fail(['--jwt-secret-file', '/no/such/file'])).toEqual(refused('cannot read /no/such/file: no such file'));
  });

  test.each(['CCT_JWT_SECRET', 'CCT_JWT_SECRET_FILE', 'CCT_JWKS_HOST'])('with an empty %s', async (name) => {
    expect(await fail([], { [name]: '' })).toEqual(refused(`${name} is set, but empty: give it a value, or unset it`));
    expect(await runMain(['observe', '-q', ...SAMPLE, '--ip', '192.0.2.1'], { env: { [name]: '' } })).toMatchObject({
      status: 0,
    });
  });

  test('without a snapshot to ask', async () => {
    expect(await runMain(['serve', '--port', '0', '--offline'])).toMatchObject({ status: 4, stdout: '' });
  });

  test('with arguments', async () => {
    expect(await runMain(['serve', 'x'])).toMatchObject({ status: 2, stdout: '' });
  });
});
