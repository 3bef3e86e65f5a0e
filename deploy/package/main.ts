import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build } from 'esbuild';
import type { BakeOrder } from './bake.ts';
import type { HostNode } from './node-base.ts';
import { installForeignNode, installHostNode, installPkg } from './node-base.ts';
import type { Target } from './targets.ts';
import { findTarget, hostName } from './targets.ts';

const OUT = 'dist/bin';
const SUMS = 'SHA256SUMS';
const HOST = hostName(process.platform, process.arch);
const HOST_FILE = process.platform === 'win32' ? 'cct.exe' : 'cct';

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** The file that the executable runs, with the bundles beside it as assets. */
async function buildEntry(): Promise<Pick<BakeOrder, 'entry' | 'assets'>> {
  const entry = resolve('build/executable/cct.cjs');
  await build({
    entryPoints: ['deploy/package/executable.ts'],
    outfile: entry,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    legalComments: 'none',
    // Only the default of `runProcess` asks for it, and the executable gives another.
    define: { 'import.meta.url': '""' },
  });
  const names = readdirSync('dist').filter((name) => name.endsWith('.cjs'));
  return { entry, assets: Object.fromEntries(names.map((name) => [name, resolve('dist', name)])) };
}

/** The first line of a failed process that says why. */
function reasonOf(thrown: unknown): string {
  const stderr = thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr) : '';
  const lines = `${stderr}\n${String(thrown)}`
    .split('\n')
    .map((line) => line.trim().replace(/^npm error (?:notarget |404 )?/, ''));
  return lines.find((line) => line !== '' && !/^code |^Error: Command failed/.test(line)) ?? 'unknown';
}

/** Makes one executable; false, and why on stdout, where it cannot. */
async function make(
  target: Target,
  fileName: string,
  host: HostNode,
  order: Omit<BakeOrder, 'basePath' | 'output' | 'platform' | 'arch'>,
) {
  const output = resolve(OUT, fileName);
  rmSync(output, { force: true });
  try {
    const basePath = target.name === HOST ? host.path : await installForeignNode(target, host.version);
    const whole: BakeOrder = { ...order, platform: target.platform, arch: target.arch, basePath, output };
    const { stderr } = await promisify(execFile)(host.path, [
      '--disable-warning=ExperimentalWarning',
      'deploy/package/bake.ts',
      JSON.stringify(whole),
    ]);
    if (stderr !== '') say(stderr.trim());
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

/** What must go with the executables: the notices of all that is in them. */
function copyNotices(host: HostNode): void {
  copyFileSync('THIRD-PARTY.md', join(OUT, 'cct-THIRD-PARTY.md'));
  copyFileSync(host.licencePath, join(OUT, 'cct-NODE-LICENSE'));
}

/** Sums of all that is there, in the form that `sha256sum --check` reads. */
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

/** Makes what `--target` names, by default `dist/bin/cct` for this machine; 1 where one of them could not be made. */
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
  const order = { pkgFolder: await installPkg(), ...(await buildEntry()) };
  let failed = 0;
  for (const [at, target] of targets.entries()) {
    if (typeof target === 'string') continue;
    if (!(await make(target, names[at] === 'host' ? HOST_FILE : target.fileName, host, order))) failed += 1;
  }
  copyNotices(host);
  writeSums();
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
