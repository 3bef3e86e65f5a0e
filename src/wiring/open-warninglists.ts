import { stat } from 'node:fs/promises';
import { formatCount, toAmount } from '../core/amount.ts';
import { CctError } from '../core/errors.ts';
import { hasTooManyValues, MAX_JSON_COMMAS, parseJson } from '../core/json-text.ts';
import { createWarninglists } from '../core/observables/warninglists.ts';
import type { Warninglists } from '../core/observables/warninglists.ts';
import { expectedWarninglist, parseWarninglist } from '../core/observables/warninglists/document.ts';
import type { Warninglist } from '../core/observables/warninglists/document.ts';
import type { PatternSet } from '../core/observables/warninglists/patterns.ts';
import { readTextFile } from '../files/read-text.ts';
import { walkDirectory } from '../files/walk.ts';

// More lines would flood the terminal.
const MAX_NAMED_FILES = 5;

/**
 * Opens the warninglists in files, and in the `.json` files of directories. `note` receives ignored files of directories and ignored
 * entries. Rejects with `input` and the path for a file that is not a warninglist, and for a directory without one.
 */
export async function openWarninglists(
  paths: readonly string[],
  note: (text: string) => void,
  signal?: AbortSignal,
): Promise<Warninglists> {
  const lists: Warninglist[] = [];
  for (const path of paths) {
    const isDirectory = (await stat(path).catch(() => undefined))?.isDirectory() === true;
    if (isDirectory) lists.push(...(await readDirectory(path, note, signal)));
    else lists.push(await readWarninglist(path, signal));
  }
  const openPatterns = lists.some(({ type }) => type === 'regex') ? await loadPatterns() : noPatterns;
  const { warninglists, leftOut } = createWarninglists(lists, openPatterns);
  for (const { list, count, named } of leftOut) note(`warninglist ${list}: ignored ${joinSome(named, count)}`);
  return warninglists;
}

async function readWarninglist(file: string, signal?: AbortSignal): Promise<Warninglist> {
  const text = await readTextFile(file, { signal });
  if (hasTooManyValues(text))
    throw new CctError('input', `${file}: more than ${formatCount(MAX_JSON_COMMAS)} values; split the list`);
  const document = parseJson(text);
  if (document === undefined) throw new CctError('input', `${file}: invalid JSON; expected ${expectedWarninglist}`);
  const list = parseWarninglist(document);
  if (list === null) throw new CctError('input', `${file}: expected ${expectedWarninglist}`);
  return list;
}

async function readDirectory(
  directory: string,
  note: (text: string) => void,
  signal: AbortSignal | undefined,
): Promise<Warninglist[]> {
  const lists: Warninglist[] = [];
  const problems: string[] = [];
  for await (const found of walkDirectory(directory)) {
    if ('leftOut' in found) {
      if (found.isUnreadable) problems.push(`cannot read ${found.leftOut}: ${found.reason}`);
    } else if (found.path.endsWith('.json')) {
      const list = await readWarninglist(found.path, signal).catch(toInputMessage);
      if (typeof list === 'string') problems.push(list);
      else lists.push(list);
    }
  }
  if (lists.length === 0) throw new CctError('input', `${directory}: no .json file in it is a MISP warninglist`);
  for (const problem of problems.slice(0, MAX_NAMED_FILES)) note(`ignored: ${problem}`);
  const more = problems.length - MAX_NAMED_FILES;
  if (more > 0) note(`ignored: ${toAmount(more, 'more file')} of ${directory}`);
  return lists;
}

function toInputMessage(thrown: unknown): string {
  if (thrown instanceof CctError && thrown.code === 'input') return thrown.message;
  throw thrown;
}

function joinSome(named: readonly string[], count: number): string {
  const more = count - named.length;
  return `${named.join(', ')}${more > 0 ? `, and ${toAmount(more, 'more', 'more')}` : ''}`;
}

/** Loads the library of regular expressions, which few lists need. */
export async function loadPatterns(): Promise<() => PatternSet> {
  const { RE2JS, RE2Set } = await import('re2js');
  return () => {
    const set = new RE2Set();
    let isCompiled = false;
    return {
      measure: (pattern) => RE2JS.compile(pattern).programSize(),
      add: (pattern) => void set.add(pattern),
      matches(text) {
        if (!isCompiled) set.compile();
        isCompiled = true;
        return set.match(text).length > 0;
      },
    };
  };
}

function noPatterns(): never {
  throw new CctError('internal', 'a set of regular expressions was opened without its library');
}
