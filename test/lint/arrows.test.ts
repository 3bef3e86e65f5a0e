import { Linter } from 'eslint';
import { describe, expect, test } from 'vitest';
import { arrows } from './arrows.js';

/** What the arrows report for a file of this path. */
function messagesOf(file: string, code: string): string[] {
  const config: Linter.Config = { files: ['**/*.ts'], plugins: { arrows }, rules: { 'arrows/rooms': 'error' } };
  return new Linter().verify(code, [config], { filename: file }).map(({ message }) => message);
}

describe('an import', () => {
  test.each([
    ['src/core/lookups/enrich.ts', "import { x } from './mapper.ts'; import 'zod/mini'; import 'ipaddr.js'; import 'uuid';"],
    ['src/tracker/lists/list-row.ts', "import '../core/tracker.ts'; import './cache.ts'; import 'node:fs'; import 'p-limit';"],
    ['src/relay/app.ts', "import '../core/enrich.ts'; import '../config.ts'; export * from './auth.ts'; import 'jose';"],
    ['src/config.ts', "import './core/errors.ts'; import './config/setting.ts';"],
    ['src/config/setting.ts', "import '../core/errors.ts'; import './values.ts';"],
    ['src/cli/commands/a.ts', "import '../../wiring/a.ts'; import '../../text/a.ts'; import '../../config.ts'; import 'ora';"],
    ['src/wiring/open-tracker.ts', "import '../tracker/fallback.ts'; await import('../tracker/client.ts');"],
    ['src/cli/main.ts', "import '../core/enrich.ts'; import '../../package.json'; await import('./process.ts');"],
    ['src/entries/cct.ts', "import process from 'node:process'; process.exitCode = 1;"],
    [
      'deploy/package/a.ts',
      "import '../../src/entries/cct.ts'; import './bake.ts'; import 'esbuild'; import '../../package.json';",
    ],
    ['src/core/a.ts', "// import 'node:fs';\nconst x = \"import 'node:fs'\"; export { x };"],
  ])('of %s that points inward is allowed: %s', (file, code) => {
    expect(messagesOf(file, code)).toEqual([]);
  });

  test.each<[file: string, target: string, message: string]>([
    ['src/core/a.ts', '../tracker/list-row.ts', 'core may not import tracker'],
    ['src/core/a.ts', '../config.ts', 'core may not import settings'],
    ['src/tracker/a.ts', '../cli/main.ts', 'tracker may not import main'],
    ['src/tracker/a.ts', '../relay/app.ts', 'tracker may not import relay'],
    ['src/tracker/cache/remembering.ts', '../../config.ts', 'tracker may not import settings'],
    ['src/relay/a.ts', '../tracker/live/client.ts', 'relay may not import tracker'],
    ['src/relay/a.ts', '../cli/main.ts', 'relay may not import main'],
    ['src/relay/a.ts', '../config/setting.ts', 'relay may not import config'],
    ['src/relay/a.ts', '../../test/helpers/relay.ts', 'relay may not import ../../test/helpers/relay.ts, which is in no room'],
    ['src/config.ts', './tracker/list-row.ts', 'settings may not import tracker'],
    ['src/config/a.ts', '../relay/app.ts', 'config may not import relay'],
    ['src/config/a.ts', '../config.ts', 'config may not import settings'],
    ['src/config/a.ts', 'node:fs', 'config may not import node:fs'],
    ['src/cli/a.ts', '../config/values.ts', 'cli may not import config'],
    ['src/cli/commands/a.ts', '../../tracker/fallback.ts', 'cli may not import tracker'],
    ['src/cli/commands/a.ts', '../../relay/docs/module-type.ts', 'cli may not import relay'],
    ['src/wiring/a.ts', '../cli/io.ts', 'wiring may not import cli'],
    ['src/tracker/a.ts', 'node:process', 'only an entry touches the process'],
    ['deploy/package/a.ts', '../../src/core/observables/host.ts', 'deploy may not import core'],
    ['deploy/package/a.ts', '../../test/helpers/relay.ts', 'deploy may not import ../../test/helpers/relay.ts'],
    ...['fs', 'node:crypto', 'zod', 'uuid/v4', 'node-fetch', 'ipaddr.js/lib/x', '../../package.json'].map(
      (target) =>
        ['src/core/a.ts', target, `core may not import ${target.replace(/.*json/, 'package.json')}`] satisfies [
          string,
          string,
          string,
        ],
    ),
  ])('of %s is refused: %s', (file, target, message) => {
    expect(messagesOf(file, `import '${target}';`)).toEqual([expect.stringMatching(`^${message}`)]);
  });

  test('is seen in every form', () => {
    const forms = [
      "import { x } from 'node:fs';",
      "import * as x from 'node:fs';",
      "export { x } from 'node:fs';",
      "export * from 'node:fs';",
      "const x = await import('node:fs');",
      'function f() { return import(`node:fs`); }',
      "const x = require('node:fs');",
    ];
    const why = 'core may not import node:fs: the core is pure: the caller passes time, answers and settings';
    expect(forms.map((code) => messagesOf('src/core/a.ts', code))).toEqual(forms.map(() => [why]));
  });

  test('names its target where it stands', () => {
    expect(messagesOf('src/cli/a.ts', 'await import(name);')).toEqual(['the target of an import is a literal']);
  });
});

test.each([
  ['src/core/utils.ts', 'utils does not say what it holds'],
  ['src/cli/helpers/a.ts', 'helpers does not say what it holds'],
  ['src/tracker/list.types.ts', 'types does not say what it holds'],
  ['src/main.ts', 'src/main.ts is in no room of test/lint/rooms.js'],
  ['src/shared/a.ts', 'src/shared/a.ts is in no room of test/lint/rooms.js'],
  ['src/config/a/b.ts', 'src/config/a/b.ts is in no room of test/lint/rooms.js'],
])('the file %s is refused', (file, message) => {
  expect(messagesOf(file, '')).toEqual([message]);
});
