import { expect, test } from 'vitest';
import { settings } from '../../src/config.ts';
import { runMain, spawnCct } from '../helpers/run-cct.ts';
import { complaint } from './live.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'];
const COMMANDS = ['observe', 'deliberate', 'serve', 'snapshot', 'import', 'cache', 'module-type'];

test.each(SHELLS)('the text for %s names every command and every flag, and is that of the built program', async (shell) => {
  const { status, stdout, stderr } = await runMain(['completion', shell]);
  expect([status, stderr]).toEqual([0, '']);
  const flags = Object.values(settings).flatMap(({ flag }) => /--([a-z-]+)/.exec(flag)?.[1] ?? []);
  expect(flags.length).toBeGreaterThan(30);
  expect([...COMMANDS, ...flags].filter((name) => !stdout.includes(name))).toEqual([]);
  expect((await spawnCct(['completion', shell]).finished).stdout).toBe(stdout);
});

test('the script for PowerShell holds every command and flag, and no text that ends early', async () => {
  const { status, stdout, stderr } = await runMain(['completion', 'powershell']);
  expect([status, stderr]).toEqual([0, '']);
  const flags = Object.values(settings).flatMap(({ flag }) => /--[a-z-]+/.exec(flag) ?? []);
  expect(flags.filter((flag) => !stdout.includes(`'${flag}\t`))).toEqual([]);
  const formats = settings.format.choices.map((format) => `'${format}'`).join(', ');
  expect(stdout).toContain(`'cct observe --format' = @(${formats})`);
  expect(stdout).toContain("'cct serve --snapshot' = @('sample')");
  expect(stdout).toContain("'cct snapshot diff' = @('installed', 'sample')");
  expect(stdout).toContain("'cct completion' = @('bash', 'zsh', 'fish', 'powershell')");
  const tables = stdout.split('\n').filter((line) => line.startsWith("  'cct"));
  // PowerShell compares keys without case, and refuses a table with two equal ones.
  const keys = tables.map((line) => line.split(' = ')[0]?.toLowerCase());
  expect(new Set(keys).size).toBe(keys.length);
  expect(tables.filter((line) => (line.match(/'/g)?.length ?? 0) % 2 === 1)).toEqual([]);
});

test('another shell is refused', async () => {
  expect(await runMain(['completion', 'tcsh'])).toEqual(
    complaint(
      "command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish, powershell. Try: cct completion --help",
    ),
  );
});
