import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import type { HostNode } from './node-base.ts';
import { installForeignNode, installHostNode } from './node-base.ts';
import type { Target } from './targets.ts';
import { findTarget, hostName } from './targets.ts';

/** Makes an executable per target: `sea` of pkg 6.14.2, whose command line takes neither assets nor a Node of ours. */
type Sea = (
  entry: string,
  options: {
    readonly targets: readonly { nodeRange: string; platform: string; arch: string; output: string }[];
    readonly nodePath: string;
    readonly signature: boolean;
    readonly seaConfig: { readonly assets: Readonly<Record<string, string>> };
  },
) => Promise<void>;

const OUT = 'dist/bin';
const SUMS = 'SHA256SUMS';
const HOST = hostName(process.platform, process.arch);
const HOST_FILE = process.platform === 'win32' ? 'cct.exe' : 'cct';
/** Node's mark of a program that has been put into it. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:1';

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** The program of the executable, and by name the bundles that become its assets. */
interface Program {
  readonly entry: string;
  readonly assets: Readonly<Record<string, string>>;
}

async function buildProgram(): Promise<Program> {
  const entry = resolve('build/executable/cct.cjs');
  await build({
    entryPoints: ['deploy/package/executable.ts'],
    outfile: entry,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    legalComments: 'none',
    // Only the default of `runProcess` loads it from there; in the executable it is an asset.
    external: ['./src/cli/main.ts'],
  });
  const names = readdirSync('dist').filter((name) => name.endsWith('.cjs'));
  return { entry, assets: Object.fromEntries(names.map((name) => [name, resolve('dist', name)])) };
}

/** Prepares the environment of pkg, which starts bare `node` and `npx postject` in a temporary directory, and returns its `sea`. */
function loadSea(host: HostNode): Sea {
  process.env['PATH'] = `${dirname(host.path)}${delimiter}${process.env['PATH'] ?? ''}`;
  // Within the project, npx takes the postject of the lock file instead of downloading one.
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = resolve('build/tmp');
  // `require` returns anything; package.json has the exact version.
  return (createRequire(import.meta.url)('pkg/lib-es5/sea.js') as { default: Sea }).default;
}

/** The first line of an error, or of the output of a failed npm, that says why. */
function reasonOf(thrown: unknown): string {
  const stderr = thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr) : '';
  const lines = `${stderr}\n${String(thrown)}`
    .split('\n')
    .map((line) => line.trim().replace(/^(?:npm error (?:notarget |404 )?|Error: )/, ''));
  return lines.find((line) => line !== '' && !/^(?:code|syscall|errno) |^Command failed/.test(line)) ?? 'unknown';
}

/** Makes one executable; false, and why on stdout, where it cannot. */
async function make(target: Target, fileName: string, host: HostNode, { entry, assets }: Program, sea: Sea): Promise<boolean> {
  const output = resolve(OUT, fileName);
  rmSync(output, { force: true });
  try {
    const nodePath = target.name === HOST ? host.path : await installForeignNode(target, host.version);
    const { platform, arch } = target;
    const targets = [{ nodeRange: `node${host.version}`, platform, arch, output }];
    await sea(entry, { targets, nodePath, signature: true, seaConfig: { assets } });
    // pkg does not report a failure of postject.
    if (!readFileSync(output).includes(FUSE)) throw new Error('postject did not put the program into it');
  } catch (thrown) {
    rmSync(output, { force: true });
    say(`${target.name}: not made: ${reasonOf(thrown)}`);
    return false;
  }
  say(`${target.name}: ${OUT}/${fileName}, with Node ${host.version}${target.name === HOST ? '' : '; it was not run here'}`);
  if (target.platform === 'macos' && process.platform !== 'darwin') {
    say(`${target.name}: it is not signed, and macOS ends what is not: run "codesign --sign - ${fileName}" on a Mac`);
  }
  return true;
}

/** Copies the notices that must go with the executables. */
function copyNotices(host: HostNode): void {
  copyFileSync('THIRD-PARTY.md', join(OUT, 'cct-THIRD-PARTY.md'));
  copyFileSync(host.licencePath, join(OUT, 'cct-NODE-LICENSE'));
}

/** Writes the sums of all files, as `sha256sum --check` reads them. */
function writeSums(): void {
  const names = readdirSync(OUT).filter((name) => name !== SUMS);
  const lines = names.sort().map(
    (name) =>
      `${createHash('sha256')
        .update(readFileSync(join(OUT, name)))
        .digest('hex')}  ${name}\n`,
  );
  writeFileSync(join(OUT, SUMS), lines.join(''));
}

/** Makes the executables of `--target`, by default `dist/bin/cct` for this machine. 1 where one could not be made, 2 for unknown names. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { target: { type: 'string', multiple: true, default: ['host'] } } });
  const names = [...new Set(values.target.flatMap((text) => text.split(',')).map((name) => name.trim()))];
  const targets = names.map((name) => findTarget(name === 'host' ? HOST : name) ?? name);
  const unknown = targets.filter((target) => typeof target === 'string');
  if (unknown.length > 0) {
    say(`--target: expected host, or linux, win or darwin with -x64 or -arm64, got ${unknown.join(', ')}`);
    return 2;
  }
  mkdirSync(OUT, { recursive: true });
  const host = await installHostNode(findTarget(HOST)?.nodePackage ?? HOST);
  const program = await buildProgram();
  const sea = loadSea(host);
  let failed = 0;
  for (const [at, target] of targets.entries()) {
    if (typeof target === 'string') continue;
    if (!(await make(target, names[at] === 'host' ? HOST_FILE : target.fileName, host, program, sea))) failed += 1;
  }
  copyNotices(host);
  writeSums();
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
