import { getAsset } from 'node:sea';
import { compileFunction } from 'node:vm';
import type * as mainModule from '../../src/cli/main.ts';
import { runProcess } from '../../src/entries/cct.ts';

/** A CommonJS file as a function. */
type ModuleBody = (exports: unknown, require: typeof requireModule, module: { exports: unknown }) => void;

const loaded = new Map<string, unknown>();

/** `require` in the executable: a module of Node, or a bundle, which is an asset and loads when it is first required. */
function requireModule(target: string): unknown {
  const builtin: unknown = process.getBuiltinModule(target);
  if (builtin !== undefined) return builtin;
  const name = target.replace(/^\.\//, '');
  if (!loaded.has(name)) {
    const module: { exports: unknown } = { exports: {} };
    const run: unknown = compileFunction(getAsset(name, 'utf8'), ['exports', 'require', 'module'], { filename: name });
    (run as ModuleBody)(module.exports, requireModule, module);
    loaded.set(name, module.exports);
  }
  return loaded.get(name);
}

// The builder puts exactly this module there.
void runProcess(process, () => Promise.resolve(requireModule('./main.cjs') as typeof mainModule));
