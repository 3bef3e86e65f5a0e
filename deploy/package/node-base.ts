import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Target } from './targets.ts';

const run = promisify(execFile);
const IS_WINDOWS = process.platform === 'win32';
/** The Node line of the executables. */
const NODE_MAJOR = '24';

async function npm(...args: readonly string[]): Promise<void> {
  await run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { shell: IS_WINDOWS });
}

/** A Node for this machine, and its version, such as `24.1.0`. */
export interface HostNode {
  readonly path: string;
  readonly version: string;
  /** The licences of Node and its libraries, which go with each copy. */
  readonly licencePath: string;
}

/** Installs Node 24 for this machine in `build/node24`, unless it is there. `nodePackage` holds its licence. Rejects where npm fails. */
export async function installHostNode(nodePackage: string): Promise<HostNode> {
  const path = resolve('build/node24/node_modules/node/bin', IS_WINDOWS ? 'node.exe' : 'node');
  if (!existsSync(path)) await npm('install', '--no-save', '--prefix', 'build/node24', `node@${NODE_MAJOR}`);
  const { stdout } = await run(path, ['--version']);
  const directories = ['build/node24/node_modules/node/node_modules', 'build/node24/node_modules'];
  const licencePath = directories.map((directory) => join(directory, nodePackage, 'LICENSE')).find((file) => existsSync(file));
  if (licencePath === undefined) throw new Error(`${nodePackage} holds no LICENSE, which must go with it`);
  return { path, version: stdout.trim().replace(/^v/, ''), licencePath };
}

/** Installs Node for another machine, in this version, from npm. Rejects where there is none. */
export async function installForeignNode(target: Target, version: string): Promise<string> {
  const directory = join('build', `node-${version}-${target.name}`);
  const path = resolve(directory, 'node_modules', target.nodePackage, 'bin', target.platform === 'win' ? 'node.exe' : 'node');
  // Without force npm refuses packages for another machine.
  const flags = ['--force', '--ignore-scripts', `${target.nodePackage}@${version}`];
  if (!existsSync(path)) await npm('install', '--no-save', '--prefix', directory, ...flags);
  if (!existsSync(path)) throw new Error(`${target.nodePackage}@${version} holds no ${path}`);
  return path;
}
