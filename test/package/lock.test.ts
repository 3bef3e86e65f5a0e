import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import packageJson from '../../package.json' with { type: 'json' };
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

describe('the lock file', () => {
  const manifest = manifestSchema.parse(packageJson);
  const { packages } = lockSchema.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  const locked = Object.entries(packages).filter(([path]) => path !== '');

  test('belongs to package.json, which has exact versions only', () => {
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter(([, version]) => !/^(?:npm:@?[\w./-]+@)?\d+\.\d+\.\d+(?:-alpha\.\d+)?$/.test(version))).toEqual([]);
    const { dependencies, devDependencies } = packages[''] ?? {};
    expect({ dependencies, devDependencies }).toEqual({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
    const exact = (version: string) => version.slice(version.lastIndexOf('@') + 1);
    expect(wanted.filter(([name, version]) => packages[`node_modules/${name}`]?.version !== exact(version))).toEqual([]);
  });

  test('has the checksum of each package, and no address to download it from', () => {
    expect(locked.length).toBeGreaterThan(100);
    expect(
      locked.filter(([, { integrity = '' }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity)).map(([path]) => path),
    ).toEqual([]);
    expect(locked.filter(([, { resolved, link }]) => resolved !== undefined || link === true).map(([path]) => path)).toEqual([]);
  });

  test('has no package with an install script but esbuild, which is not bundled', () => {
    const paths = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path);
    expect(paths).toEqual(['node_modules/esbuild']);
    const bundled = readBundledPaths();
    expect([bundled.size > 20, bundled.has('node_modules/esbuild')]).toEqual([true, false]);
  });
});

test('the npm package has no dependencies: its bundles hold what they use', () => {
  const brings = ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies', 'bundledDependencies'];
  expect(Object.keys(packageJson).filter((key) => brings.includes(key))).toEqual([]);
});
