import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

type Room = 'core' | 'tracker' | 'relay' | 'cli' | 'config';

interface RoomRule {
  /** Rooms whose files may be imported. */
  readonly rooms: readonly Room[];
  /** Packages that may be imported; `any` stands for all of them and for Node's own modules. */
  readonly packages: readonly string[] | 'any';
}

const RULES: Readonly<Record<Room, RoomRule>> = {
  core: {
    rooms: ['core'],
    packages: [
      'zod/mini', // the shapes of answers: validates values, does nothing else
      'ipaddr.js', // reads addresses and ranges: text in, numbers out
      'uuid', // version 5 only, which is a hash: the same id for the same words
    ],
  },
  tracker: { rooms: ['core', 'tracker'], packages: 'any' },
  relay: { rooms: ['core', 'relay', 'config'], packages: 'any' },
  config: { rooms: ['core', 'config'], packages: ['zod/mini'] },
  cli: { rooms: ['core', 'tracker', 'relay', 'config', 'cli'], packages: 'any' },
};

/** The two files that may touch the process and the console: what is started, and what AWS Lambda loads. */
const ENTRIES = ['cli/process.ts', 'cli/lambda.ts'];
const ENTRY_GLOBALS = ['process', 'console'];
/** Names that say nothing of what a file or folder holds. */
const DRAWERS = ['utils', 'helpers', 'types', 'constants'];

function isRoom(name: string): name is Room {
  return Object.hasOwn(RULES, name);
}

/** The table of settings is the door of its room: nobody else imports what stands in the folder beside it, and that does not look back. */
const CONFIG_DOOR = 'config.ts';
const BEHIND_CONFIG_DOOR = /^config\/[^/]+\.ts$/;

/** The room of a file given by its path within src, or undefined where it stands in none. */
function roomOf(file: string): Room | undefined {
  if (file === CONFIG_DOOR || BEHIND_CONFIG_DOOR.test(file)) return 'config';
  const name = file.split('/')[0] ?? '';
  return isRoom(name) && name !== 'config' && file !== name ? name : undefined;
}

function* walk(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* walk(child);
}

/** What a node imports, by any of the ways to import; null for a dynamic import whose target only shows when it runs. */
function importedBy(node: ts.Node): string | null | undefined {
  let target: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) target = node.moduleSpecifier;
  else if (ts.isExternalModuleReference(node)) target = node.expression;
  else if (ts.isImportTypeNode(node)) target = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument;
  else if (ts.isCallExpression(node) && isImportCall(node)) target = node.arguments[0] ?? node;
  if (target === undefined) return undefined;
  return ts.isStringLiteralLike(target) ? target.text : null;
}

function isImportCall({ expression }: ts.CallExpression): boolean {
  return expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require');
}

/** Whether an identifier is a value by that name, not the name of a field, or is read off globalThis. */
function isGlobalUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return parent.expression.getText() === 'globalThis';
  const isFieldName =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent);
  return !(isFieldName && parent.name === node);
}

function problemOfImport(room: Room, file: string, target: string): string | undefined {
  const { rooms, packages } = RULES[room];
  const bare = target.replace(/^node:/, '');
  if (ENTRY_GLOBALS.includes(bare) && isBuiltin(target)) return ENTRIES.includes(file) ? undefined : `imports ${target}`;
  if (target.startsWith('.')) {
    const path = posix.join(posix.dirname(file), target);
    const importedRoom = path.startsWith('../') ? undefined : roomOf(path);
    if (importedRoom === undefined)
      return room === 'cli' && path.endsWith('.json') ? undefined : `imports ${target}, outside the house`;
    if (!rooms.includes(importedRoom)) return `imports ${importedRoom}: ${target}`;
    if (BEHIND_CONFIG_DOOR.test(path) && room !== 'config') return `imports ${target}, behind the door of config`;
    if (path === CONFIG_DOOR && room === 'config') return `imports ${target}, its own door`;
    return undefined;
  }
  return packages === 'any' || packages.includes(target) ? undefined : `imports ${target}`;
}

/** What a source file does against the rules of the house, a line each. `file` is its path within src. */
function problemsOf(file: string, text: string): string[] {
  const room = roomOf(file);
  if (room === undefined) return [`${file}: stands in no room`];
  const drawers = file.split(/[/.]/).filter((part) => DRAWERS.includes(part));
  const problems = drawers.map((drawer) => `${file}: is named ${drawer}`);
  for (const node of walk(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true))) {
    const target = importedBy(node);
    if (target === null) problems.push(`${file}: imports what only shows when it runs`);
    const problem = typeof target === 'string' ? problemOfImport(room, file, target) : undefined;
    if (problem !== undefined) problems.push(`${file}: ${problem}`);
    if (!ENTRIES.includes(file) && ts.isIdentifier(node) && ENTRY_GLOBALS.includes(node.text) && isGlobalUse(node)) {
      problems.push(`${file}: uses ${node.text}`);
    }
  }
  return problems;
}

describe('the house', () => {
  const src = fileURLToPath(new URL('../src/', import.meta.url));
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll(sep, '/'))
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file));

  test('has its core', () => {
    expect(files).toEqual(expect.arrayContaining(['core/enrich.ts', 'core/mapper.ts', 'core/observable.ts']));
  });

  test('keeps its rules in every file', () => {
    expect(files.flatMap((file) => problemsOf(file, readFileSync(src + file, 'utf8')))).toEqual([]);
  });
});

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
        "import '../../relay/server.ts'; import '../../tracker/client.ts'; import '../../config.ts'; import '../main.ts';",
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
