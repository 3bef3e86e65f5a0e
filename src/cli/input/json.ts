import type { ParseError } from 'jsonc-parser';
import { CctError } from '../../core/errors.ts';
import type { Observable } from '../../core/observable.ts';
import { parseItem } from '../../core/item.ts';

// An array is checked whole, in memory.
const MAX_JSON_CHARACTERS = 64 * 1024 * 1024;

/** Observables from an array of `{type, value}`, or an object with such an array as `observables`, in one batch. Throws `input`, naming the place. */
export async function* readJson(blocks: AsyncIterable<readonly string[]>, name: string): AsyncGenerator<Observable[]> {
  const pieces: string[] = [];
  let characters = 0;
  for await (const lines of blocks) {
    const piece = lines.join('\n');
    pieces.push(piece);
    characters += piece.length;
    if (characters <= MAX_JSON_CHARACTERS) continue;
    throw new CctError(
      'input',
      `${name}: JSON documents may have at most 64 MiB: write one object per line (jq -c '.[]') and use ndjson`,
    );
  }
  const parsed = await parseJson(pieces.join('\n'), name);
  const items = Array.isArray(parsed) ? (parsed as unknown[]) : observablesOf(parsed);
  if (!items)
    throw new CctError('input', `${name}: expected an array of {type, value}, or an object with an "observables" array`);
  yield items.map((item, index) => parseItem(item, `${name}: observables[${index}]`));
}

function observablesOf(parsed: unknown): unknown[] | undefined {
  const isObject = typeof parsed === 'object' && parsed !== null;
  return isObject && 'observables' in parsed && Array.isArray(parsed.observables) ? parsed.observables : undefined;
}

/** One `{type, value}` a line, as many at a time as there are lines; blank ones are passed over. Throws `input`, naming the line, after those before it. */
export async function* readNdjson(blocks: AsyncIterable<readonly string[]>, name: string): AsyncGenerator<Observable[]> {
  let number = 0;
  for await (const lines of blocks) {
    const observables: Observable[] = [];
    try {
      for (const line of lines) {
        number += 1;
        if (line.trim() !== '') observables.push(parseLine(line, name, number));
      }
    } catch (thrown) {
      yield observables;
      throw thrown;
    }
    yield observables;
  }
}

function parseLine(text: string, name: string, number: number): Observable {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (thrown) {
    throw new CctError('input', `${name}:${number}: invalid JSON`, { cause: thrown });
  }
  return parseItem(parsed, `${name}:${number}: observable`);
}

async function parseJson(text: string, name: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new CctError('input', `${name}${await placeOfError(text)}: invalid JSON`, { cause: thrown });
  }
}

/** `:line:column` of the first error, which Node's own message often lacks. */
async function placeOfError(text: string): Promise<string> {
  const { parse } = await import('jsonc-parser');
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  } catch {
    // Thousands of open brackets exhaust the stack: the error has no place then.
    return '';
  }
  const before = text.slice(0, errors[0]?.offset ?? 0).split('\n');
  return `:${before.length}:${(before.at(-1) ?? '').length + 1}`;
}
