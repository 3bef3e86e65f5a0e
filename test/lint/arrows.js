import { posix, relative, sep } from 'node:path';
import { DRAWERS, ROOMS } from './rooms.js';

const PROCESS_MODULES = ['process', 'node:process', 'console', 'node:console'];

const findRoom = (file) => ROOMS.find(({ files }) => files.test(file));

/** Why a file of this room may not import the target; undefined where it may. */
function whyNotImport(room, file, target) {
  const { name, imports, packages, why } = room;
  if (PROCESS_MODULES.includes(target)) return room.touchesProcess ? undefined : `only an entry touches the process: ${target}`;
  if (target.startsWith('.')) {
    const to = findRoom(posix.join(posix.dirname(file), target));
    if (!to) return `${name} may not import ${target}, which is in no room of test/lint/rooms.js`;
    return imports.includes(to.name) ? undefined : `${name} may not import ${to.name} (${target}): ${why}`;
  }
  return packages && !packages.includes(target) ? `${name} may not import ${target}: ${why}` : undefined;
}

/** The text of a literal or of a template without places; null for what is only known when it runs. */
function textOf(node) {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0].value.cooked;
  return node?.type === 'TSLiteralType' ? textOf(node.literal) : null;
}

const rooms = {
  meta: { type: 'problem', schema: [], docs: { description: 'imports follow the table in rooms.js' } },
  create(context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/');
    const room = findRoom(file);
    const report = (node, message) => context.report({ node, message });
    const check = (node, source) => {
      const target = textOf(source);
      const problem = target === null ? 'the target of an import is a literal' : whyNotImport(room, file, target);
      if (problem !== undefined) report(node, problem);
    };
    const checkSource = (node) => (node.source ? check(node, node.source) : undefined);
    if (!room) return { Program: (node) => report(node, `${file} is in no room of test/lint/rooms.js`) };
    return {
      Program(node) {
        for (const part of file.split(/[/.]/)) {
          if (DRAWERS.includes(part)) report(node, `${part} does not say what it holds`);
        }
      },
      ImportDeclaration: checkSource,
      ExportNamedDeclaration: checkSource,
      ExportAllDeclaration: checkSource,
      ImportExpression: checkSource,
      TSImportType: (node) => check(node, node.source ?? node.argument),
      TSExternalModuleReference: (node) => check(node, node.expression),
      'CallExpression[callee.name="require"]': (node) => check(node, node.arguments[0]),
    };
  },
};

export const arrows = { rules: { rooms } };
