import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import packageJson from '../../package.json' with { type: 'json' };

const packSchema = z.tuple([z.object({ size: z.number(), files: z.array(z.object({ path: z.string() })) })]);

test('the npm package has its files and no others, in less than 1.5 MB', async () => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', args, { shell: process.platform === 'win32' });
  const [{ size, files }] = packSchema.parse(JSON.parse(stdout));
  const pages = readdirSync('docs').map((page) => `docs/${page}`);
  pages.sort();
  expect(files.map(({ path }) => path).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'THIRD-PARTY.md',
    'bin/cct.js',
    'dist/cct.1',
    'dist/cct.js',
    'dist/csv-parse-sync.cjs',
    'dist/csv-stringify-sync.cjs',
    'dist/hono-node-server.cjs',
    'dist/htmlparser2.cjs',
    'dist/http-proxy-agent.cjs',
    'dist/https-proxy-agent.cjs',
    'dist/jose.cjs',
    'dist/jsonc-parser.cjs',
    'dist/lambda.mjs',
    'dist/lru-cache.cjs',
    'dist/main.cjs',
    'dist/node-fetch.cjs',
    'dist/ora.cjs',
    'dist/p-queue.cjs',
    'dist/pino.cjs',
    'dist/postal-mime.cjs',
    'dist/prom-client.cjs',
    'dist/re2js.cjs',
    'dist/redis-client.cjs',
    'dist/relay.cjs',
    'dist/tldts.cjs',
    ...pages,
    'observables.json',
    'package.json',
  ]);
  expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(packageJson.man));
  expect(size).toBeLessThan(1_500_000);
});
