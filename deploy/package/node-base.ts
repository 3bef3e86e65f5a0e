import { execFile } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Target } from './targets.ts';

const run = promisify(execFile);
const IS_WINDOWS = process.platform === 'win32';
/** The LTS line that the executables are made of. */
const NODE_MAJOR = '24';

/** Installs in a folder of its own, so that nothing of it shadows what the project or its user has. */
async function npm(...args: readonly string[]): Promise<void> {
  await run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { shell: IS_WINDOWS });
}

/** A Node of this machine, and its version, such as `24.1.0`. */
export interface HostNode {
  readonly path: string;
  readonly version: string;
  /** The licence of Node and of what is in it, which goes with each copy. */
  readonly licencePath: string;
}

/**
 * Node 24 for this machine in `build/node24`, from the npm package `node`; installed unless it is there. `nodePackage` is the one that
 * holds it. Rejects where npm cannot.
 */
export async function installHostNode(nodePackage: string): Promise<HostNode> {
  const path = resolve('build/node24/node_modules/node/bin', IS_WINDOWS ? 'node.exe' : 'node');
  if (!existsSync(path)) await npm('install', '--no-save', '--prefix', 'build/node24', `node@${NODE_MAJOR}`);
  const { stdout } = await run(path, ['--version']);
  const folders = ['build/node24/node_modules/node/node_modules', 'build/node24/node_modules'];
  const licencePath = folders.map((folder) => join(folder, nodePackage, 'LICENSE')).find((file) => existsSync(file));
  if (licencePath === undefined) throw new Error(`${nodePackage} holds no LICENSE, which must go with it`);
  return { path, version: stdout.trim().replace(/^v/, ''), licencePath };
}

/** The Node of another machine, of exactly this version, from the npm package that holds it. Rejects where there is none. */
export async function installForeignNode(target: Target, version: string): Promise<string> {
  const folder = join('build', `node-${version}-${target.name}`);
  const path = resolve(folder, 'node_modules', target.nodePackage, 'bin', target.platform === 'win' ? 'node.exe' : 'node');
  // npm refuses what is for another machine, unless forced.
  const wish = ['--force', '--ignore-scripts', `${target.nodePackage}@${version}`];
  if (!existsSync(path)) await npm('install', '--no-save', '--prefix', folder, ...wish);
  if (!existsSync(path)) throw new Error(`${target.nodePackage}@${version} holds no ${path}`);
  return path;
}

/** The fork of pkg in `build/pkg`, in the exact versions of `deploy/package/package-lock.json`. */
export async function installPkg(): Promise<string> {
  const folder = resolve('build/pkg');
  cpSync('deploy/package/package.json', join(folder, 'package.json'));
  cpSync('deploy/package/package-lock.json', join(folder, 'package-lock.json'));
  // Its only install script fetches a prebuilt module for the classic mode. It is run by Node 24, so what it says of 20 does not matter.
  await npm('ci', '--prefix', folder, '--ignore-scripts');
  return folder;
}
