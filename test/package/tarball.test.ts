import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';

const packSchema = z.tuple([z.object({ size: z.number(), files: z.array(z.object({ path: z.string() })) })]);

test('the npm package holds what it needs and nothing else, in less than 1.5 MB', async () => {
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
    'dist/lambda.mjs',
    'dist/main.cjs',
    'dist/redis-client.cjs',
    'dist/relay.cjs',
    ...pages,
    'observables.json',
    'package.json',
  ]);
  expect(size).toBeLessThan(1_500_000);
});

test('the npm package brings no other, for its bundles hold what they use', () => {
  const brings = ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies', 'bundledDependencies'];
  const packageJson = JSON.parse(readFileSync('package.json', 'utf8')) as object;
  expect(Object.keys(packageJson).filter((key) => brings.includes(key))).toEqual([]);
});
