import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { exitStatuses } from '../../../src/cli/program/help-texts.ts';
import { createProgram } from '../../../src/cli/program/program.ts';
import type { Setting } from '../../../src/config.ts';
import { serveSettings, settings } from '../../../src/config.ts';
import { openTempDir } from '../../helpers/run-cct.ts';

const [page = ''] = packageJson.man;

/** What a program says of the page; fails where it is not there. */
function render(program: string, args: readonly string[]) {
  const env = { PATH: process.env['PATH'], LANG: 'C.UTF-8', MANWIDTH: '100', MANROFFOPT: '-ww' };
  const { status, stdout, stderr, error } = spawnSync(program, args, { env, encoding: 'utf8' });
  if (error)
    throw new Error(`${program} is not there: install it (apt-get install groff man-db), the man page is tested with it`);
  return { status, text: stdout.replace(/\u001B\[[\d;]*m|.\u0008/g, ''), stderr };
}

const program = await createProgram({ version: '', onHelp: () => undefined, helpColumns: 80, onInvocation: () => undefined });

function walk(command: Command, path: string): [string, Command][] {
  return [[path, command], ...command.commands.flatMap((sub) => walk(sub, `${path} ${sub.name()}`))];
}

describe('the man page', () => {
  test('is rendered by groff without a warning', () => {
    expect(render('groff', ['-ww', '-man', '-Tutf8', page])).toMatchObject({ status: 0, stderr: '' });
  });

  test('is shown by man, from a file of any place, with name and version', () => {
    const copy = join(openTempDir(), 'cct.1');
    copyFileSync(page, copy);
    const { status, text, stderr } = render('man', [copy]);
    expect([status, stderr]).toEqual([0, '']);
    expect(text).toMatch(/NAME\n +cct - Look up which IPs/);
    expect(text).toContain(`cct ${packageJson.version}`);
  });

  test('holds every command, flag, argument, variable and exit status', () => {
    const { text } = render('groff', ['-man', '-Tutf8', '-rLL=2000n', page]);
    const lines = new Set(text.split('\n').map((line) => line.trim()));
    const commands = walk(program, 'cct').filter(([, { commands: below }]) => below.length === 0);
    const flags = walk(program, 'cct').flatMap(([, { options }]) => options.map((option) => option.flags));
    const variables = Object.values<Setting<unknown>>({ ...settings, ...serveSettings }).flatMap(({ env, otherEnv = env }) => [
      env,
      otherEnv,
    ]);
    expect(commands.length).toBeGreaterThan(10);
    expect(flags.length).toBeGreaterThan(50);
    expect(commands.filter(([path]) => !text.includes(`${path} [options]`)).map(([path]) => path)).toEqual([]);
    const begins = (start: string) => [...lines].some((line) => line === start || line.startsWith(`${start} `));
    expect(flags.filter((flag) => !begins(flag))).toEqual([]);
    expect(variables.filter((name) => !new RegExp(`^ *(?:\\w+, )?${name}\\b`, 'm').test(text))).toEqual([]);
    const statuses = exitStatuses.map(({ status, meaning }) => `${status} ${meaning}`);
    const squeezed = text.replace(/ +/g, ' ');
    expect(statuses.filter((status) => !squeezed.replace(/\n /g, ' ').includes(status))).toEqual([]);
  });
});
