import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { serveSettings, settings } from '../../../src/config.ts';
import type { RunOptions } from '../../helpers/run-cct.ts';
import { openTempDir, runMain, spawnCct } from '../../helpers/run-cct.ts';
import { complaint } from '../live.ts';

const shownSchema = z.object({
  settings: z.record(z.string(), z.strictObject({ value: z.unknown(), origin: z.string(), given_by: z.nullable(z.string()) })),
  paths: z.strictObject({ snapshot: z.nullable(z.string()), cache: z.string(), config: z.nullable(z.string()) }),
});

async function show(args: readonly string[], options: RunOptions = {}) {
  const { status, stdout, stderr } = await runMain(['config', ...args], options);
  expect([status, stderr]).toEqual([0, '']);
  return shownSchema.parse(JSON.parse(stdout));
}

describe('cct config', () => {
  test('has every setting, those of serve too', async () => {
    const shown = await show([]);
    expect(Object.keys(shown.settings)).toHaveLength(Object.keys({ ...settings, ...serveSettings }).length);
    const values = { timeout: '10s', cache_ttl: '24h', rate: null, offline: false, port: 9090, source: 'auto' };
    const expected = Object.entries(values).map(([name, value]) => [name, { value, origin: 'default', given_by: null }]);
    expect(shown.settings).toMatchObject(Object.fromEntries(expected));
  });

  test('tells a flag from a variable, and which variable it was', async () => {
    const env = {
      ...{ CCT_TIMEOUT: '90s', CCT_RETRIES: '7', PORT: '8080', CCT_REFRESH: '' },
      ...{ CCT_JWKS_HOST: 'a.example, b.example', CCT_AUDIENCE: 'a' },
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

  test('has the paths of snapshot and cache', async () => {
    const home = openTempDir();
    const env = { XDG_DATA_HOME: home, XDG_CACHE_HOME: home };
    const paths = { snapshot: `${home}/cct/snapshot.tsv`, cache: `${home}/cct`, config: `${home}/cct/config.json` };
    expect((await show([], { env: { ...env, XDG_CONFIG_HOME: home } })).paths).toEqual(paths);
    const given = await show(['--snapshot', '/lists/mine.tsv', '--cache-dir', '/answers', '--no-config']);
    expect(given.paths).toEqual({ snapshot: '/lists/mine.tsv', cache: '/answers', config: null });
    expect((await show(['--snapshot', 'sample'])).paths.snapshot).toBeNull();
  });

  test.each(['json', 'table'])('hides what is secret in %s', async (format) => {
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

  test('has the proxy of the environment, and the variable that names it', async () => {
    const env = { HTTPS_PROXY: 'http://hush:hush@proxy.example:3128' };
    const { stdout } = await spawnCct(['config'], { env }).finished;
    expect(shownSchema.parse(JSON.parse(stdout)).settings['proxy']).toEqual({
      ...{ value: 'http://<hidden>@proxy.example:3128/', origin: 'environment', given_by: 'HTTPS_PROXY' },
    });
  });

  test('prints a table for reading, one line per setting', async () => {
    const { status, stdout } = await runMain(['config', '--format', 'table', '--retries', '3']);
    const lines = stdout.trimEnd().split('\n');
    expect([status, lines[0]?.split(/ +/)]).toEqual([0, ['SETTING', 'VALUE', 'ORIGIN', 'GIVEN', 'BY']]);
    expect(lines).toHaveLength(1 + Object.keys({ ...settings, ...serveSettings }).length + 3);
    expect(lines.map((line) => line.split(/ {2,}/))).toContainEqual(['retries', '3', 'flag', '--retries']);
  });

  test('prints JSON where a variable asks for a format of observables, and refuses such a flag', async () => {
    expect((await show([], { env: { CCT_FORMAT: 'csv' } })).settings['format']?.value).toBe('csv');
    const message = '--format csv is for observables: cct config prints json or table';
    expect(await runMain(['config', '--format', 'csv'])).toEqual(complaint(message));
    const { stdout } = await runMain(['config', '--help']);
    expect(stdout).toMatch(/--format <format> +json, or a table for reading \(default: json\)/);
  });

  // Which settings serve refuses is tested in test/cli/serve-start.test.ts.
  test('says why serve would not start, and prints the settings all the same', async () => {
    const run = await runMain(['config'], { env: { CCT_JWT_SECRET: 'hush' } });
    const why = 'serve would not start: The HS256 secret has 4 bytes; RFC 7518, section 3.2, requires at least 32\n';
    expect([run.status, run.stderr, run.stdout.includes('hush')]).toEqual([0, why, false]);
    expect(shownSchema.parse(JSON.parse(run.stdout)).settings).toHaveProperty('host');
    const env = { CCT_HOST: '0.0.0.0', CCT_ALLOW_ANONYMOUS: '1' };
    expect(await runMain(['config'], { env })).toMatchObject({ status: 0, stderr: '' });
  });

  test.each([
    [{ CCT_TIMEOUT: '10' }, 'CCT_TIMEOUT: expected a duration such as 500ms, 10s or 5m, from 1ms to 24h, got "10"'],
    [{ PORT: 'x' }, 'PORT: expected a whole number from 0 to 65535, got "x"'],
    [{ CCT_JWT_SECRET: '' }, 'CCT_JWT_SECRET is set, but empty: give it a value, or unset it'],
  ])('names a wrong value: %j', async (env, expected) => {
    expect(await runMain(['config'], { env })).toEqual(complaint(expected));
  });
});
