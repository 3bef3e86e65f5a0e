import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { readBundledPaths } from '../../deploy/licences/third-party.ts';

const versions = z.optional(z.record(z.string(), z.string()));
const manifestSchema = z.object({ name: z.string(), dependencies: versions, devDependencies: versions });
const entrySchema = z.object({
  version: z.optional(z.string()),
  integrity: z.optional(z.string()),
  resolved: z.optional(z.string()),
  link: z.optional(z.boolean()),
  hasInstallScript: z.optional(z.boolean()),
});
const lockSchema = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), z.extend(entrySchema, { dependencies: versions, devDependencies: versions })),
});

describe.each([
  ['.', ['esbuild']],
  ['deploy/package', ['esbuild']],
])('the lock file of %s', (folder, withScripts) => {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')));
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(`${folder}/package-lock.json`, 'utf8')));
  const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  const locked = Object.entries(packages).filter(([path]) => path !== '');

  test('is of this package.json, which names exact versions only', () => {
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter(([, version]) => !/^(?:npm:@?[\w./-]+@)?\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    const { dependencies, devDependencies } = packages[''] ?? {};
    expect({ dependencies, devDependencies }).toEqual({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
    const exact = (version: string) => version.slice(version.lastIndexOf('@') + 1);
    expect(wanted.filter(([name, version]) => packages[`node_modules/${name}`]?.version !== exact(version))).toEqual([]);
  });

  test('knows each package by its sum, and names no place of its own to fetch one from', () => {
    expect(locked.length).toBeGreaterThan(100);
    expect(
      locked.filter(([, { integrity = '' }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity)).map(([path]) => path),
    ).toEqual([]);
    expect(locked.filter(([, { resolved, link }]) => resolved !== undefined || link === true).map(([path]) => path)).toEqual([]);
  });

  test('has no other packages with install scripts than those that are known', () => {
    const paths = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path);
    expect(paths).toEqual(withScripts.map((name) => `node_modules/${name}`));
  });
});

test('what is bundled has no install scripts', () => {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  const bundled = [...readBundledPaths()];
  expect(bundled.length).toBeGreaterThan(20);
  expect(bundled.filter((path) => packages[path]?.hasInstallScript === true)).toEqual([]);
});
