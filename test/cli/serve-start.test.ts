import { describe, expect, test } from 'vitest';
import { runMain } from '../helpers/run-cct.ts';
import { startServe } from '../helpers/serve.ts';
import { complaint, SAMPLE, writeTempFile } from './live.ts';
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

  test('on an address that others reach, without authentication', async () => {
    const openDoor = (host: string) =>
      complaint(
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
      complaint(`cannot listen on 127.0.0.1, port ${relay.port}: the port is in use; choose another with --port`),
    );
  });

  test('with a PORT that is none', async () => {
    const run = await runMain(['serve', ...SAMPLE], { env: { PORT: 'tcp://10.0.0.1:80' } });
    expect(run).toEqual(complaint('PORT: expected a whole number from 0 to 65535, got "tcp://10.0.0.1:80"'));
  });

  const ORIGIN = 'expected an origin without a path or trailing slash: use';
  const HOSTS = 'expected host names separated by commas, each with or without a port';
  test.each<[args: string, env: Record<string, string>, message: string]>([
    ['--jwks-host https://keys.example/ --audience x', {}, `--jwks-host: ${HOSTS}, got "https://keys.example/"`],
    ['--audience https://relay.example', {}, '--audience has no effect without a secret (--jwt-secret-file) or --jwks-host'],
    ['--jwks-host keys.example', {}, "--jwks-host requires --audience: the relay's public origin, e.g. https://relay.example"],
    ['--jwt-secret-file GOOD --audience https://relay.example/', {}, `--audience: ${ORIGIN} https://relay.example`],
    ['--jwt-secret-file GOOD --audience HTTPS://Relay.example:443?x', {}, `--audience: ${ORIGIN} https://relay.example`],
    ['', { CCT_JWKS_HOST: 'keys.example', CCT_AUDIENCE: 'http://r.example:80/' }, `CCT_AUDIENCE: ${ORIGIN} http://r.example`],
    [
      '--jwks-host a.example --audience x --jwt-secret-file GOOD',
      {},
      'a secret and --jwks-host cannot be used together: give only one',
    ],
    [
      '',
      { CCT_JWT_SECRET: 'x', CCT_JWT_SECRET_FILE: 'y' },
      'CCT_JWT_SECRET and CCT_JWT_SECRET_FILE cannot be used together: set only one',
    ],
    ['--jwt-secret-file SHORT', {}, 'The HS256 secret has 5 bytes; RFC 7518, section 3.2, requires at least 32'],
    ['--jwt-secret-file LONG', {}, 'cannot read LONG: it is larger than 65,536 bytes'],
    ['--jwt-secret-file /no/such/file', {}, 'cannot read /no/such/file: no such file'],
  ])('with authentication that is none or two: %s %j', async (args, env, message) => {
    const contents = { GOOD: `${HS256_SECRET}\n`, SHORT: 'short\n', LONG: 'x'.repeat(64 * 1024 + 1) };
    const files = Object.entries(contents).map(([name, content]) => [name, writeTempFile(name, content)] as const);
    const fill = (text: string) => files.reduce((filled, [name, file]) => filled.replace(name, file), text);
    expect(await fail(args === '' ? [] : fill(args).split(' '), env)).toEqual(complaint(fill(message)));
  });

  test.each(['CCT_JWT_SECRET', 'CCT_JWT_SECRET_FILE', 'CCT_JWKS_HOST'])('with an empty %s', async (name) => {
    expect(await fail([], { [name]: '' })).toEqual(complaint(`${name} is set, but empty: give it a value, or unset it`));
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
