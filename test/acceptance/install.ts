import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { INSTALLED } from './places.ts';

const npm = (args: readonly string[], cwd = '.') =>
  execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, shell: process.platform === 'win32' });

/** Throws where the program is missing. For the tarball it packs `dist` and installs it in an empty directory until the end. */
export default function install(project: TestProject): (() => void) | undefined {
  const words = project.config.env['CCT_TEST_COMMAND']?.split(' ') ?? [];
  if (!words.some((word) => word.startsWith(INSTALLED))) {
    const missing = words.filter((word) => !existsSync(word));
    if (missing.length > 0) throw new Error(`${missing.join(', ')} is not there: "npm run package" makes it`);
    return undefined;
  }
  if (!existsSync(INSTALLED)) {
    mkdirSync(INSTALLED);
    npm(['pack', '--ignore-scripts', '--pack-destination', INSTALLED]);
    const tarball = readdirSync(INSTALLED).find((name) => name.endsWith('.tgz')) ?? '';
    // Offline: it has no dependencies.
    npm(['install', '--offline', `./${tarball}`], INSTALLED);
    const packages = readdirSync(join(INSTALLED, 'node_modules')).filter((name) => !name.startsWith('.'));
    if (packages.join() !== 'cct') throw new Error(`The tarball brings other packages: ${packages.join(', ')}`);
  }
  return () => rmSync(INSTALLED, { recursive: true, force: true });
}
