import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { serveSettings, settings } from '../../../src/config.ts';
import type { RunOptions } from '../../helpers/run-cct.ts';
import { openTempDir, runMain, spawnCct } from '../../helpers/run-cct.ts';

const shownSchema = z.object({
  settings: z.record(z.string(), z.strictObject({ value: z.unknown(), origin: z.string(), given_by: z.nullable(z.string()) })),
  paths: z.strictObject({ snapshot: z.nullable(z.string()), cache: z.string() }),
});

async function show(args: readonly string[], options: RunOptions = {}) {
  const { status, stdout, stderr } = await runMain(['config', ...args], options);
  expect([status, stderr]).toEqual([0, '']);
  return shownSchema.parse(JSON.parse(stdout));
}

describe('cct config', () => {
  test('holds every setting, those of serve too', async () => {
    const shown = await show([]);
    expect(Object.keys(shown.settings)).toHaveLength(Object.keys({ ...settings, ...serveSettings }).length);
    expect(shown.settings).toMatchObject({
      timeout: { value: '10s', origin: 'default', given_by: null },
      cache_ttl: { value: '24h', origin: 'default', given_by: null },
      rate: { value: null, origin: 'default', given_by: null },
      offline: { value: false, origin: 'default', given_by: null },
      port: { value: 9090, origin: 'default', given_by: null },
      source: { value: 'auto', origin: 'default', given_by: null },
    });
  });

  test('tells a flag from a variable, and which variable it was', async () => {
    const env = {
      CCT_TIMEOUT: '90s',
      CCT_RETRIES: '7',
      PORT: '8080',
      CCT_JWKS_HOST: 'a.example, b.example',
      CCT_AUDIENCE: 'a',
      CCT_REFRESH: '',
    };
    const shown = await show(['--timeout', '1.5s', '--no-cache', '--offline', '--cache-ttl', '2d'], { env });
    expect(shown.settings).toMatchObject({
      timeout: { value: '1500ms', origin: 'flag', given_by: '--timeout' },
      no_cache: { value: true, origin: 'flag', given_by: '--no-cache' },
      cache_ttl: { value: '2d', origin: 'flag', given_by: '--cache-ttl' },
      retries: { value: 7, origin: 'environment', given_by: 'CCT_RETRIES' },
      port: { value: 8080, origin: 'environment', given_by: 'PORT' },
      jwks_host: { value: ['a.example', 'b.example'], origin: 'environment', given_by: 'CCT_JWKS_HOST' },
      refresh: { value: false, origin: 'default', given_by: null },
      source: { value: 'snapshot', origin: 'default', given_by: null },
    });
  });

  test('tells where the snapshot and the answers remembered are kept', async () => {
    const home = openTempDir();
    const env = { XDG_DATA_HOME: home, XDG_CACHE_HOME: home };
    expect((await show([], { env })).paths).toEqual({ snapshot: `${home}/cct/snapshot.tsv`, cache: `${home}/cct` });
    const given = await show(['--snapshot', '/lists/mine.tsv', '--cache-dir', '/answers']);
    expect(given.paths).toEqual({ snapshot: '/lists/mine.tsv', cache: '/answers' });
    expect((await show(['--snapshot', 'sample'])).paths.snapshot).toBeNull();
  });

  test.each([['json'], ['table']])('hides what is secret in %s', async (format) => {
    const env = {
      CCT_JWT_SECRET: 'https://hush.example/hush-hush-hush-hush',
      CCT_CACHE_URL: 'rediss://hush:hush@redis.example:6380/3',
      CCT_PROXY: 'http://hush@proxy.example:3128',
    };
    const { status, stdout, stderr } = await runMain(['config', '--format', format], { env });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain('hush');
    for (const shown of ['<hidden>@redis.example:6380/3', '<hidden>@proxy.example:3128', 'CCT_JWT_SECRET']) {
      expect(stdout).toContain(shown);
    }
  });

  test("shows the proxy that the system's variables name, and which one does", async () => {
    const env = { HTTPS_PROXY: 'http://hush:hush@proxy.example:3128' };
    const { status, stdout, stderr } = await spawnCct(['config'], { env }).finished;
    expect([status, stderr]).toEqual([0, '']);
    expect(shownSchema.parse(JSON.parse(stdout)).settings['proxy']).toEqual({
      value: 'http://<hidden>@proxy.example:3128/',
      origin: 'environment',
      given_by: 'HTTPS_PROXY',
    });
  });

  test('prints a table for people, a line a setting', async () => {
    const { status, stdout } = await runMain(['config', '--format', 'table', '--retries', '3']);
    const lines = stdout.trimEnd().split('\n');
    expect([status, lines[0]?.split(/ +/)]).toEqual([0, ['SETTING', 'VALUE', 'ORIGIN', 'GIVEN', 'BY']]);
    expect(lines).toHaveLength(1 + Object.keys({ ...settings, ...serveSettings }).length + 2);
    expect(lines.map((line) => line.split(/ {2,}/))).toContainEqual(['retries', '3', 'flag', '--retries']);
  });

  test('prints JSON where a variable asks for a format of observables, and refuses such a flag', async () => {
    expect((await show([], { env: { CCT_FORMAT: 'csv' } })).settings['format']?.value).toBe('csv');
    expect(await runMain(['config', '--format', 'csv'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'cct: --format csv is for observables: cct config prints json or table\n',
    });
  });

  test('offers the formats that it prints, and no others', async () => {
    const { stdout } = await runMain(['config', '--help']);
    expect(stdout).toMatch(/--format <format> +json, or a table for people \(default: json\)/);
  });

  test.each([
    [
      { CCT_HOST: '0.0.0.0' },
      '0.0.0.0 is reachable by others, and no authentication is set: give --jwt-secret-file or --jwks-host, or allow it with --allow-anonymous',
    ],
    [{ CCT_JWT_SECRET: 'hush' }, 'The HS256 secret has 4 bytes; RFC 7518, section 3.2, requires at least 32'],
    [{ CCT_JWKS_HOST: 'keys.example' }, "--jwks-host requires --audience: the relay's public origin, e.g. https://relay.example"],
    [{ CCT_JWT_SECRET_FILE: '/nowhere/secret' }, 'cannot read /nowhere/secret: no such file'],
  ])('tells why serve would not start, and shows the settings all the same: %j', async (env, why) => {
    const { status, stdout, stderr } = await runMain(['config'], { env });
    expect([status, stderr]).toEqual([0, `serve would not start: ${why}\n`]);
    expect(shownSchema.parse(JSON.parse(stdout)).settings).toHaveProperty('host');
    expect(stdout + stderr).not.toContain('hush');
    const serve = await runMain(['serve', '--port', '0'], { env });
    expect([serve.status, serve.stderr]).toEqual([2, `cct: ${why}\n`]);
  });

  test('says nothing of serve where it would start', async () => {
    const env = { CCT_HOST: '0.0.0.0', CCT_ALLOW_ANONYMOUS: '1' };
    expect(await runMain(['config'], { env })).toMatchObject({ status: 0, stderr: '' });
  });

  test.each([
    [{ CCT_TIMEOUT: '10' }, 'CCT_TIMEOUT: expected a duration such as 500ms, 10s or 5m, from 1ms to 24h, got "10"'],
    [{ PORT: 'x' }, 'PORT: expected a whole number from 0 to 65535, got "x"'],
    [
      { CCT_PROXY: 'ftp://hush:hush@proxy.example' },
      'CCT_PROXY: expected an http or https URL of a proxy, without a path, got ftp://<hidden>@proxy.example',
    ],
    [{ CCT_JWT_SECRET: '' }, 'CCT_JWT_SECRET is set, but empty: give it a value, or unset it'],
  ])('names a wrong value: %j', async (env, expected) => {
    expect(await runMain(['config'], { env })).toEqual({ status: 2, stdout: '', stderr: `cct: ${expected}\n` });
  });
});
