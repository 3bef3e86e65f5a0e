import { describe, expect, test } from 'vitest';
import { cyclesOf, problemsOf, problemsOfDeploy, trackerMakersOf } from './helpers/house.ts';

describe('the check of an arrow', () => {
  test('lets pass what points inward', () => {
    const sound = {
      'core/enrich.ts':
        "import { x } from './mapper.ts'; import * as z from 'zod/mini'; import ip from 'ipaddr.js'; import { v5 } from 'uuid';",
      'tracker/client.ts':
        "import type { T } from '../core/tracker.ts'; import './cache.ts'; import 'node:fs'; import 'p-limit';",
      'relay/app.ts': "import '../core/enrich.ts'; import '../config.ts'; export * from './auth.ts'; import 'jose';",
      'config.ts': "import { CctError } from './core/errors.ts'; import { setting } from './config/setting.ts';",
      'config/setting.ts': "import { CctError } from '../core/errors.ts'; import * as z from 'zod/mini'; import './values.ts';",
      'cli/commands/serve.ts':
        "import '../../relay/server.ts'; import '../../tracker/list-merge.ts'; import '../../config.ts'; import '../main.ts';",
      'cli/open-tracker.ts': "import '../tracker/fallback.ts'; await import('../tracker/client.ts');",
      'cli/main.ts':
        "import '../core/enrich.ts'; import pkg from '../../package.json' with { type: 'json' }; await import('./process.ts');",
    };
    expect(Object.entries(sound).flatMap(([file, text]) => problemsOf(file, text))).toEqual([]);
  });

  test('catches each arrow that points outward', () => {
    const broken = [
      ['core/a.ts', "import '../tracker/client.ts';"],
      ['core/a.ts', "import '../config.ts';"],
      ['tracker/a.ts', "import '../cli/main.ts';"],
      ['tracker/a.ts', "import '../relay/app.ts';"],
      ['tracker/a.ts', "import '../config.ts';"],
      ['relay/a.ts', "import '../tracker/client.ts';"],
      ['relay/a.ts', "import '../cli/main.ts';"],
      ['config.ts', "import './tracker/client.ts';"],
      ['config.ts', "import './cli/main.ts';"],
      ['config/a.ts', "import '../relay/app.ts';"],
      ['config/a.ts', "import '../config.ts';"],
      ['config/a.ts', "import 'node:fs';"],
      ['cli/a.ts', "import '../config/values.ts';"],
      ['relay/a.ts', "import type { Setting } from '../config/setting.ts';"],
      ['cli/commands/a.ts', "import { createFallbackTracker } from '../../tracker/fallback.ts';"],
      ['cli/a.ts', "await import('../tracker/client.ts');"],
      ['relay/a.ts', "import '../../test/helpers/relay.ts';"],
    ] as const;
    expect(broken.map(([file, text]) => problemsOf(file, text))).toEqual([
      ['core/a.ts: imports tracker: ../tracker/client.ts'],
      ['core/a.ts: imports config: ../config.ts'],
      ['tracker/a.ts: imports cli: ../cli/main.ts'],
      ['tracker/a.ts: imports relay: ../relay/app.ts'],
      ['tracker/a.ts: imports config: ../config.ts'],
      ['relay/a.ts: imports tracker: ../tracker/client.ts'],
      ['relay/a.ts: imports cli: ../cli/main.ts'],
      ['config.ts: imports tracker: ./tracker/client.ts'],
      ['config.ts: imports cli: ./cli/main.ts'],
      ['config/a.ts: imports relay: ../relay/app.ts'],
      ['config/a.ts: imports ../config.ts, its own door'],
      ['config/a.ts: imports node:fs'],
      ['cli/a.ts: imports ../config/values.ts, behind the door of config'],
      ['relay/a.ts: imports ../config/setting.ts, behind the door of config'],
      ['cli/commands/a.ts: makes a tracker by itself: ../../tracker/fallback.ts'],
      ['cli/a.ts: makes a tracker by itself: ../tracker/client.ts'],
      ['relay/a.ts: imports ../../test/helpers/relay.ts, outside the house'],
    ]);
  });

  test('catches whatever the core may not know', () => {
    const targets = [
      'node:fs',
      'fs',
      'node:crypto',
      'zod',
      'uuid/v4',
      'node-fetch',
      'ipaddr.js/lib/x',
      '../../test/x.ts',
      '../../package.json',
    ];
    expect(targets.flatMap((target) => problemsOf('core/a.ts', `import '${target}';`))).toHaveLength(targets.length);
  });

  test('sees every way to import', () => {
    const ways = [
      "import { x } from 'node:fs';",
      "import type { x } from 'node:fs';",
      "import { type x } from 'node:fs';",
      "import * as x from 'node:fs';",
      "export { x } from 'node:fs';",
      "export * from 'node:fs';",
      "export type { x } from 'node:fs';",
      "const x = await import('node:fs');",
      'function f() { return import(`node:fs`); }',
      "type X = import('node:fs').Stats;",
      "let x: typeof import('node:fs');",
      "import x = require('node:fs');",
      "const x = require('node:fs');",
    ];
    expect(ways.map((text) => problemsOf('core/a.ts', text))).toEqual(ways.map(() => ['core/a.ts: imports node:fs']));
  });

  test('takes no word in a comment or a text for an import', () => {
    expect(problemsOf('core/a.ts', "// import 'node:fs';\nconst x = \"import 'node:fs'\"; export { x };")).toEqual([]);
  });

  test('catches an import whose target only shows when it runs', () => {
    expect(problemsOf('cli/a.ts', 'await import(name);')).toEqual(['cli/a.ts: imports what only shows when it runs']);
  });
});

describe('the check of cycles', () => {
  test('finds one over types and over imports that happen later, and none where there is none', () => {
    const texts = {
      'cli/a.ts': "import type { B } from './b.ts'; import './d.ts';",
      'cli/b.ts': "const c = () => import('../core/c.ts'); import './d.ts';",
      'core/c.ts': "export type A = import('../cli/a.ts').A;",
      'cli/d.ts': "import './e.ts';",
      'cli/e.ts': '',
    };
    expect(cyclesOf(texts)).toEqual(['cli/a.ts > cli/b.ts > core/c.ts > cli/a.ts']);
    expect(cyclesOf({ ...texts, 'core/c.ts': '' })).toEqual([]);
    expect(cyclesOf({ 'a.ts': "import './a.ts';" })).toEqual(['a.ts > a.ts']);
  });
});

describe('the check of what makes a tracker', () => {
  test('goes by what a function says that it gives', () => {
    const texts = {
      'tracker/a.ts': 'export function open(): Promise<LiveClient & SharedTracker> {}',
      'tracker/b.ts': 'export function openB(inner: Tracker): string {} function create(): Tracker {}',
      'tracker/c.ts': 'export function undeclared() {}',
      'relay/d.ts': 'export function countLookups(): Tracker {}',
    };
    expect(trackerMakersOf(texts)).toEqual(['tracker/a.ts', 'tracker/c.ts']);
  });
});

describe('the check of what deploys', () => {
  test('catches what it may not know', () => {
    const text = "import '../../src/cli/process.ts'; import './bake.ts'; import 'esbuild'; import p from '../../package.json';";
    expect(problemsOfDeploy('package/a.ts', text)).toEqual([]);
    const broken = "import '../../src/core/host.ts'; import type { T } from '../../test/helpers/relay.ts'; await import(x);";
    expect(problemsOfDeploy('package/a.ts', broken)).toEqual([
      'package/a.ts: imports ../../src/core/host.ts',
      'package/a.ts: imports ../../test/helpers/relay.ts',
      'package/a.ts: imports what only shows when it runs',
    ]);
  });
});

describe('the check of the process and the console', () => {
  test('catches their use', () => {
    const uses = [
      'process.exit(1);',
      "console.log('x');",
      'const { env } = process;',
      'f({ process });',
      'globalThis.process.exit();',
    ];
    expect(uses.map((text) => problemsOf('cli/main.ts', text).length)).toEqual(uses.map(() => 1));
    expect(problemsOf('tracker/a.ts', "import { env } from 'node:process';")).toEqual(['tracker/a.ts: imports node:process']);
  });

  test('lets them pass in the entry, and as names of fields anywhere', () => {
    expect(problemsOf('cli/process.ts', "import process from 'node:process'; process.exitCode = 1; console.log('x');")).toEqual(
      [],
    );
    expect(
      problemsOf('core/a.ts', 'interface A { process: string } const a: A = { process: x }; use(a.process, { console() {} });'),
    ).toEqual([]);
  });
});

describe('the check of names', () => {
  test('catches a drawer and a file outside the rooms', () => {
    const files = [
      'core/utils.ts',
      'cli/helpers/a.ts',
      'tracker/list.types.ts',
      'relay/constants.ts',
      'main.ts',
      'shared/a.ts',
      'config/a/b.ts',
      'core',
    ];
    expect(files.flatMap((file) => problemsOf(file, ''))).toEqual([
      'core/utils.ts: is named utils',
      'cli/helpers/a.ts: is named helpers',
      'tracker/list.types.ts: is named types',
      'relay/constants.ts: is named constants',
      'main.ts: stands in no room',
      'shared/a.ts: stands in no room',
      'config/a/b.ts: stands in no room',
      'core: stands in no room',
    ]);
  });
});
