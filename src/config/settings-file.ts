import type { Node, ParseError } from 'jsonc-parser';
import { parseTree, printParseErrorCode } from 'jsonc-parser';
import { CctError } from '../core/errors.ts';
import { toLineAndColumn } from '../core/json-text.ts';
import { findNearest } from '../core/nearest.ts';
import { shorten } from '../core/safe-text.ts';
import type { FileSettings } from './resolve.ts';
import type { Setting, SettingGroup } from './setting.ts';
import { flagName, holdsSecret, parseSetting, settingKey } from './setting.ts';
import { yesOrNo } from './values.ts';

/**
 * Parses a settings file: a JSON object of settings by key. Throws `input`, with path, line and column, for invalid JSON, an unknown or
 * repeated key, an invalid value, and a setting that is not allowed in a file.
 */
export function parseSettingsFile(text: string, path: string, known: SettingGroup): FileSettings {
  const byKey = new Map(Object.values(known).map((definition) => [settingKey(definition), definition]));
  const values = new Map<string, unknown>();
  const seen = new Set<string>();
  for (const property of parseObject(text, path)) {
    const [name, value] = property.children ?? [];
    if (!name || !value) continue;
    // JSON keys are strings.
    const key = name.value as string;
    const fail = (node: Node, problem: string) =>
      new CctError('input', `${path}${toLineAndColumn(text, node.offset)}: ${problem}`);
    if (seen.has(key)) throw fail(name, `${JSON.stringify(key)} is set twice: remove one`);
    seen.add(key);
    const definition = byKey.get(key);
    if (!definition) throw fail(name, describeUnknown(key, [...byKey.keys()]));
    const refusal = whyRefused(key, definition, value);
    if (refusal !== undefined) throw fail(name, refusal);
    const parsed = toValue(text, definition, value, (problem) => fail(value, `${key}: ${problem}`));
    if (parsed !== undefined) values.set(key, parsed);
  }
  return { path, values };
}

function parseObject(text: string, path: string): readonly Node[] {
  const errors: ParseError[] = [];
  const root = parse(text, path, errors);
  const [error] = errors;
  if (error) {
    const words = printParseErrorCode(error.error).replace(/\B[A-Z]/g, (letter) => ` ${letter}`);
    throw new CctError('input', `${path}${toLineAndColumn(text, error.offset)}: invalid JSON: ${words.toLowerCase()}`);
  }
  if (root?.type === 'object') return root.children ?? [];
  throw new CctError(
    'input',
    `${path}${toLineAndColumn(text, root?.offset ?? 0)}: expected an object of settings, such as {"timeout": "20s"}`,
  );
}

function parse(text: string, path: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  } catch (thrown) {
    // The parser is recursive.
    if (thrown instanceof RangeError) throw new CctError('input', `${path}: JSON nested too deep`, { cause: thrown });
    throw thrown;
  }
}

function describeUnknown(key: string, keys: readonly string[]): string {
  // The key may be the name of a flag or variable.
  const meant = key
    .toLowerCase()
    .replace(/^(?:--|cct_)/, '')
    .replaceAll('-', '_');
  const nearest = keys.includes(meant) ? meant : findNearest(meant, keys);
  return `unknown setting ${JSON.stringify(key)}${nearest === undefined ? '; cct config lists them' : ` (did you mean ${nearest}?)`}`;
}

/** Why a setting is not allowed in a file; undefined if it is. */
function whyRefused(key: string, definition: Setting<unknown>, { value }: Node): string | undefined {
  const { env, isPerRun = false } = definition;
  if (isPerRun) return `${key} applies to a single run and is not allowed in a file: use --${flagName(definition)} or ${env}`;
  if (holdsSecret(definition, value)) return `${key} contains a secret, which is not allowed in a file: use ${env}`;
  return undefined;
}

const MAX_SHOWN = 60;

/** Parses the value of a setting; undefined for `null` and an empty list, which set nothing. */
function toValue(text: string, definition: Setting<unknown>, node: Node, fail: (problem: string) => CctError): unknown {
  const items = node.type === 'array' ? (node.children ?? []) : [node];
  if (node.type === 'null' || items.length === 0) return undefined;
  const isOnOff = definition.parse === yesOrNo.parse;
  const expected = isOnOff ? 'true or false' : definition.expected;
  const got = shorten(text.slice(node.offset, node.offset + node.length).replace(/\s+/g, ' '), MAX_SHOWN);
  const wrong = () => fail(`expected ${expected}${definition.secret === undefined ? `, got ${got}` : ''}`);
  if (node.type === 'array' && definition.isRepeatable !== true) throw wrong();
  if (isOnOff) {
    if (node.type !== 'boolean') throw wrong();
    return node.value;
  }
  if (!items.every(({ type }) => type === 'string' || type === 'number')) throw wrong();
  // Use the number's source text: 1e3 is not a whole number in a variable either.
  const texts = items.map((item) =>
    item.type === 'string' ? String(item.value) : text.slice(item.offset, item.offset + item.length),
  );
  if (node.type === 'string') return parseNamed(definition, texts.join(), fail);
  const value = definition.parse(texts.join());
  // A name that looks like a number must still be a string.
  if (value === null || (node.type === 'number' && typeof value === 'string')) throw wrong();
  return value;
}

function parseNamed(definition: Setting<unknown>, text: string, fail: (problem: string) => CctError): unknown {
  try {
    return parseSetting(definition, '', text);
  } catch (thrown) {
    if (!(thrown instanceof CctError)) throw thrown;
    throw fail(thrown.message.replace(/^: /, ''));
  }
}
