import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';

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

/** What makes a `Tracker`. Commands reach one only through the port: the files that put things together make it for them. */
const TRACKER_MAKERS = /^tracker\/(?:cache|client|fallback|once|shared|snapshot)\.ts$/;
const COMPOSITION = /^cli\/open-[a-z-]+\.ts$/;
const MAKES_TRACKER = /\b(?:\w*Tracker|LiveClient)\b/;

/** The two files that may touch the process and the console: what is started, and what AWS Lambda loads. */
const ENTRIES = ['cli/process.ts', 'cli/lambda.ts'];
const ENTRY_GLOBALS = ['process', 'console'];
/** Names that say nothing of what a file or folder holds. */
const DRAWERS = ['utils', 'util', 'helpers', 'helper', 'types', 'constants', 'common', 'misc', 'lib', 'index', 'base'];

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
    if (TRACKER_MAKERS.test(path) && room === 'cli' && !COMPOSITION.test(file)) return `makes a tracker by itself: ${target}`;
    return undefined;
  }
  return packages === 'any' || packages.includes(target) ? undefined : `imports ${target}`;
}

/** All that deploying code may know of src: how the program starts. */
const DEPLOYED = ['../src/cli/process.ts', '../src/cli/main.ts'];

/** What a file of `deploy` does against the rules of the house, a line each. `file` is its path within deploy. */
export function problemsOfDeploy(file: string, text: string): string[] {
  return importsOf(file, text).flatMap((target) => {
    if (target === null) return [`${file}: imports what only shows when it runs`];
    const path = posix.join(posix.dirname(file), target);
    const isOutside = target.startsWith('.') && path.startsWith('../');
    return isOutside && !DEPLOYED.includes(path) && path !== '../package.json' ? [`${file}: imports ${target}`] : [];
  });
}

/** The targets of all imports of a file, in order; null for one that only shows when it runs. */
function importsOf(file: string, text: string): (string | null)[] {
  const nodes = walk(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return [...nodes].map(importedBy).filter((target) => target !== undefined);
}

/** The files of the room `tracker` that export a function which gives a tracker. Texts by their paths within src. */
export function trackerMakersOf(texts: Readonly<Record<string, string>>): string[] {
  return Object.keys(texts).filter((file) => file.startsWith('tracker/') && exportsMaker(file, texts[file] ?? ''));
}

function exportsMaker(file: string, text: string): boolean {
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return statements.some(
    (statement) =>
      ts.isFunctionDeclaration(statement) &&
      statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true &&
      MAKES_TRACKER.test(statement.type?.getText() ?? 'Tracker'),
  );
}

/** Whether a file is one of those that only the composition imports. */
export function isTrackerMaker(file: string): boolean {
  return TRACKER_MAKERS.test(file);
}

/** Files that lead back to themselves by their imports, those of types included: a cycle each, as `a.ts > b.ts > a.ts`. Texts by their paths. */
export function cyclesOf(texts: Readonly<Record<string, string>>): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(' > '));
    else if (!done.has(file)) {
      for (const target of importsOf(file, texts[file] ?? '')) {
        if (target?.startsWith('.')) visit(posix.join(posix.dirname(file), target), [...trail, file]);
      }
      done.add(file);
    }
  };
  for (const file of Object.keys(texts)) visit(file, []);
  return cycles;
}

/** What a source file does against the rules of the house, a line each. `file` is its path within src. */
export function problemsOf(file: string, text: string): string[] {
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
