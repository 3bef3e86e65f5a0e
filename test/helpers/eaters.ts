import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

/** How a program that reads an export ended. */
interface Ending {
  readonly status: number | null;
  readonly said: string;
}

function run(program: string, args: readonly string[], cwd: string): Ending {
  // Debian has some of them where only root looks.
  const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, HOME: cwd, LANG: 'C.UTF-8' };
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (error) throw error;
  return { status, said: stdout + stderr };
}

const UNBOUND_WITH_ZONE =
  'server:\n  module-config: "respip validator iterator"\nrpz:\n  name: rpz.example\n  zonefile: export\n';

/** Programs that read `export`, by the format; `dir` holds it. They check it, and nothing starts. */
export const EATERS: Readonly<Record<string, readonly ((dir: string) => Ending)[]>> = {
  rpz: [
    (dir) => run('named-checkzone', ['-k', 'fail', 'rpz.example', 'export'], dir),
    (dir) => checkUnbound(dir, UNBOUND_WITH_ZONE.replace('export', join(dir, 'export'))),
  ],
  unbound: [(dir) => checkUnbound(dir, `include: "${join(dir, 'export')}"\n`)],
  dnsmasq: [(dir) => run('dnsmasq', ['--test', `--conf-file=${join(dir, 'export')}`], dir)],
  nftables: [checkNftables],
};

/** In a network of its own where this one is not to be touched: there nobody needs to be root, but the kernel takes a smaller message. */
function checkNftables(dir: string): Ending {
  const ending = run('nft', ['-c', '-f', 'export'], dir);
  return ending.said.includes('Operation not permitted') ? run('unshare', ['-rn', 'nft', '-c', '-f', 'export'], dir) : ending;
}

function checkUnbound(dir: string, configuration: string): Ending {
  writeFileSync(join(dir, 'unbound.conf'), configuration);
  return run('unbound-checkconf', [join(dir, 'unbound.conf')], dir);
}

/** Fails unless each program takes `export` in this directory. */
export function expectEaten(format: string, dir: string): void {
  const endings = (EATERS[format] ?? []).map((eat) => eat(dir));
  expect(endings.length).toBeGreaterThan(0);
  expect(endings.filter(({ status, said }) => status !== 0 || /\bwarning\b|ignor/i.test(said))).toEqual([]);
}

/** The lines of `log` in which a program that searches for the values of `export` finds one. */
export function findWith(program: 'grepcidr' | 'rg', dir: string): readonly string[] {
  const args = program === 'rg' ? ['-F', '-N', '-f', 'export', 'log'] : ['-f', 'export', 'log'];
  const { status, said } = run(program, args, dir);
  if (status !== 0 && status !== 1) throw new Error(`${program} ended with ${String(status)}: ${said}`);
  return said.split('\n').slice(0, -1);
}
