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
  const bundles = readdirSync('dist')
    .filter((name) => name.endsWith('.cjs'))
    .map((name) => `dist/${name}`);
  expect(files.map(({ path }) => path).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'THIRD-PARTY.md',
    'bin/cct.js',
    'bin/package.json',
    ...['dist/cct.1', 'dist/lambda.mjs', ...bundles].sort(),
    ...pages,
    'observables.json',
    'package.json',
  ]);
  expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(packageJson.man));
  expect(size).toBeLessThan(1_500_000);
});
