import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import type { Setting } from '../src/config.ts';
import { serveSettings, settings } from '../src/config.ts';
import { contentsOf, copiesFrom, dockerfile } from './helpers/dockerfile.ts';
import { runMain } from './helpers/run-cct.ts';
import { startServe } from './helpers/serve.ts';

const variables = Object.values<Setting<unknown>>({ ...settings, ...serveSettings }).map(({ env }) => env);
const unknownSettings = (names: readonly string[]) => names.filter((name) => /^CCT_/.test(name) && !variables.includes(name));
const imageEnv = Object.fromEntries(
  dockerfile.getENVs().flatMap((line) => line.getProperties().map((property) => [property.getName(), property.getValue() ?? ''])),
);

describe('the Dockerfile', () => {
  test('copies existing files, and .dockerignore admits only these', () => {
    const copied = copiesFrom(null).flatMap((words) => words.slice(0, -1));
    const rules = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(copied.filter((path) => !existsSync(path))).toEqual([]);
    expect(rules).toEqual(['*', ...copied.map((path) => `!${path}`)]);
  });

  test('has another user than root, settings of the program, and its port', () => {
    expect([contentsOf('USER'), contentsOf('STOPSIGNAL'), contentsOf('EXPOSE')]).toEqual([['1000:1000'], ['SIGTERM'], ['9090']]);
    expect([contentsOf('ENTRYPOINT'), contentsOf('CMD')]).toEqual([['["cct"]'], ['["serve"]']]);
    expect(contentsOf('FROM')).toEqual(['node:24-slim AS build', 'node:24-slim']);
    expect([unknownSettings(Object.keys(imageEnv)), imageEnv['CCT_PORT']]).toEqual([[], '9090']);
  });

  test('requires authentication, unless anonymous callers are allowed', async () => {
    const shut = await runMain(['serve'], { env: imageEnv });
    expect([shut.status, shut.stderr]).toEqual([2, expect.stringContaining('0.0.0.0 is reachable by others')]);
    const open = startServe([], { env: { ...imageEnv, CCT_ALLOW_ANONYMOUS: '1' } });
    expect((await open).url).toMatch(/^http:\/\/0\.0\.0\.0:/);
  });

  test('has a health check that the program runs', async () => {
    const [content = ''] = contentsOf('HEALTHCHECK');
    const [cct, ...words] = z.array(z.string()).parse(JSON.parse(content?.replace(/^CMD /, '') ?? ''));
    expect([cct, words.slice(0, 3)]).toEqual(['cct', ['health', '--relay', `http://127.0.0.1:${imageEnv['CCT_PORT'] ?? ''}`]]);
    const relay = await startServe([]);
    const asked = words.map((word) => (word.startsWith('http:') ? relay.url : word));
    expect(await runMain(asked, { env: imageEnv })).toMatchObject({ status: 0, stderr: '' });
  });
});

const serviceSchema = z.object({
  build: z.optional(z.string()),
  image: z.string(),
  pull_policy: z.optional(z.string()),
  command: z.optional(z.array(z.string())),
  user: z.optional(z.string()),
  environment: z.optional(z.record(z.string(), z.string())),
  secrets: z.optional(z.array(z.string())),
  ports: z.optional(z.array(z.string())),
  depends_on: z.optional(z.array(z.string())),
  read_only: z.optional(z.boolean()),
  tmpfs: z.optional(z.array(z.string())),
  cap_drop: z.optional(z.array(z.string())),
  security_opt: z.optional(z.array(z.string())),
  healthcheck: z.optional(
    z.object({ test: z.array(z.string()), interval: z.string(), timeout: z.string(), retries: z.number() }),
  ),
  mem_limit: z.optional(z.string()),
  pids_limit: z.optional(z.number()),
});
const composeSchema = z.object({
  services: z.record(z.string(), serviceSchema),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

describe('deploy/compose.yaml', () => {
  const { services, secrets } = composeSchema.parse(parse(readFileSync('deploy/compose.yaml', 'utf8'), { merge: true }));
  const relays = Object.values(services).filter(({ image }) => image === 'cct');

  test('runs two relays of this Dockerfile, on their own ports', () => {
    expect(relays.flatMap(({ ports = [] }) => ports)).toEqual(['127.0.0.1:9090:9090', '127.0.0.1:9091:9090']);
  });

  test('builds their image once, and pulls none of that name', () => {
    expect(relays.map(({ build, pull_policy: policy }) => [build !== undefined, policy])).toEqual([
      [true, 'build'],
      [false, 'never'],
    ]);
    expect(existsSync(join('deploy', relays[0]?.build ?? '', 'Dockerfile'))).toBe(true);
  });

  test('gives no service root, capabilities, new privileges or a writable root', () => {
    const rights = Object.values(services).map(({ read_only: isReadOnly, cap_drop: dropped, security_opt: options }) => [
      isReadOnly,
      dropped,
      options,
    ]);
    expect(rights).toEqual([1, 2, 3].map(() => [true, ['ALL'], ['no-new-privileges:true']]));
    // The image of the relays has a user of its own.
    expect(services['answers']?.user).toBe('valkey');
  });

  test('limits the memory and processes of Valkey, and checks its health', () => {
    const { command = [], healthcheck, mem_limit: memory, pids_limit: pids, tmpfs } = services['answers'] ?? {};
    expect([command[command.indexOf('--maxmemory') + 1], memory, pids]).toEqual(['64mb', '128m', 64]);
    expect(healthcheck?.test).toEqual(['CMD', 'valkey-cli', '-e', 'ping']);
    // Its entry point stops where its directory is not writable.
    expect(tmpfs).toEqual(['/data:size=1m,mode=1777']);
  });

  test('sets variables of the program, and refers to existing services and secrets', async () => {
    for (const { environment = {}, secrets: used = [], depends_on: needed = [] } of relays) {
      expect(unknownSettings(Object.keys(environment))).toEqual([]);
      expect(Object.keys(services)).toContain(new URL(environment['CCT_CACHE_URL'] ?? '').hostname);
      expect(needed.filter((name) => !(name in services))).toEqual([]);
      expect(used.map((name) => [name in secrets, environment['CCT_JWT_SECRET_FILE']])).toEqual([[true, '/run/secrets/relay']]);
      expect(await runMain(['config'], { env: { ...imageEnv, ...environment } })).toMatchObject({
        status: 0,
        // The secret exists in the container only.
        stderr: 'serve would not start: cannot read /run/secrets/relay: no such file\n',
      });
    }
  });
});
