import { expect, test } from 'vitest';
import { settings } from '../../src/config.ts';
import { SHELLS } from '../../src/cli/completion/shells.ts';
import { runMain, spawnCct } from '../helpers/run-cct.ts';

const COMMANDS = ['observe', 'deliberate', 'serve', 'snapshot', 'import', 'cache', 'module-type'];

test.each(SHELLS)('the text for %s names every command and every flag, and is that of the built program', async (shell) => {
  const { status, stdout, stderr } = await runMain(['completion', shell]);
  expect([status, stderr]).toEqual([0, '']);
  const flags = Object.values(settings).flatMap(({ flag }) => /--([a-z-]+)/.exec(flag)?.[1] ?? []);
  expect(flags.length).toBeGreaterThan(30);
  expect([...COMMANDS, ...flags].filter((name) => !stdout.includes(name))).toEqual([]);
  expect((await spawnCct(['completion', shell]).finished).stdout).toBe(stdout);
});
