import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

const eslint = new ESLint();

/** What `npm run lint` says of the arrows and of the process, where this stood in that file of the project. */
async function lint(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? [])
    .filter(({ ruleId }) => ruleId === null || /^arrows\/|^no-restricted-globals$/.test(ruleId))
    .map(({ message }) => message);
}

const CORE = 'src/core/amount.ts';
const NO_FILES = ['core may not import node:fs: the core is pure: the caller passes time, answers and settings'];

// Loading the linter with its types takes seconds.
describe('npm run lint', { timeout: 120_000 }, () => {
  test.each([
    "import { readFileSync } from 'node:fs';",
    "import type { Stats } from 'node:fs';",
    "import { type Stats } from 'node:fs';",
    "export type { Stats } from 'node:fs';",
    "export type X = import('node:fs').Stats;",
    "export let x: typeof import('node:fs');",
    "import fs = require('node:fs');",
  ])('refuses in the core: %s', async (code) => {
    expect(await lint(CORE, code)).toEqual(NO_FILES);
  });

  test.each([
    'process.exit(1);',
    "console.log('x');",
    'const { env } = process;',
    'f({ process });',
    'globalThis.process.exit();',
  ])('refuses outside of the entries: %s', async (code) => {
    expect(await lint('src/cli/main.ts', code)).toEqual([expect.stringMatching(/only src\/entries touches the process/)]);
    expect(await lint('src/entries/cct.ts', code)).toEqual([]);
  });

  test('takes names of fields for what they are', async () => {
    const code = 'interface A { process: string } const a: A = { process: x }; use(a.process, { console() {} });';
    expect(await lint(CORE, code)).toEqual([]);
  });

  test('looks at what deploys too', async () => {
    const message =
      'deploy may not import core (../../src/core/observables/host.ts): deployment depends on how the program starts';
    expect(await lint('deploy/package/main.ts', "import '../../src/core/observables/host.ts';")).toEqual([
      expect.stringContaining(message),
    ]);
  });
});
