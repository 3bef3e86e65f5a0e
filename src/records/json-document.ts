import { formatCount } from '../core/amount.ts';
import { CctError } from '../core/errors.ts';
import { hasTooManyValues, MAX_JSON_COMMAS, parseJson, toLineAndColumn } from '../core/json-text.ts';
import type { Reading } from './format.ts';
import { MAX_JSON_LEVELS, findTooDeep } from './json-depth.ts';
import type { Recognised } from './json-formats.ts';
import { AS_TEXT, LEAVE_OUT_FORMAT, toSplitAdvice } from './way-out.ts';
import { forcedTypedJson, typedJson } from './typed.ts';

/** Formats of documents that a user can force. */
export type ForcedJsonFormat = 'json' | 'stix' | 'misp' | 'records';

/** Reads a JSON document by its content, or as the forced format. Rejects with `input`, naming the place; a broken document adds nothing. */
export async function readJsonDocument(
  text: string,
  reading: Reading,
  options: { readonly forced?: ForcedJsonFormat } = {},
): Promise<Recognised> {
  const { forced } = options;
  const document = await parseDocument(text, reading.name, forced);
  const recognised = await (forced === undefined ? recognise(document) : toForced(document, forced, reading.name));
  recognised.format.read(document, reading);
  return recognised;
}

async function recognise(document: unknown): Promise<Recognised> {
  const title = typedJson.recognise(document);
  if (title !== undefined) return { format: typedJson, title };
  // Other formats load the data of text.
  return (await import('./json-formats.ts')).recogniseDocument(document);
}

const EXPECTED: Readonly<Record<ForcedJsonFormat, string>> = {
  json: 'an array of {type, value}, or an object with an "observables" array',
  stix: 'a STIX bundle, or STIX objects',
  misp: 'a MISP event, or a list of events or attributes',
  records: 'JSON',
};

async function toForced(document: unknown, forced: ForcedJsonFormat, name: string): Promise<Recognised> {
  const format = forced === 'json' ? forcedTypedJson : (await import('./json-formats.ts')).FORCED_JSON_FORMATS[forced];
  const isEmpty = Array.isArray(document) && document.length === 0;
  const title = isEmpty ? 'an empty list' : format.recognise(document);
  if (title === undefined) throw new CctError('input', `${name}: expected ${EXPECTED[forced]}. ${LEAVE_OUT_FORMAT}`);
  return { format, title };
}

async function parseDocument(text: string, name: string, forced: ForcedJsonFormat | undefined): Promise<unknown> {
  const tooDeep = findTooDeep(text);
  if (tooDeep !== -1) {
    const place = toLineAndColumn(text, tooDeep);
    throw new CctError('input', `${name}${place}: JSON nested ${formatCount(MAX_JSON_LEVELS)} levels deep; ${AS_TEXT}`);
  }
  if (hasTooManyValues(text)) {
    throw new CctError('input', `${name}: more than ${formatCount(MAX_JSON_COMMAS)} values; ${await toSplitAdvice(text)}`);
  }
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const offset = await findError(text);
    const place = offset === undefined ? '' : toLineAndColumn(text, offset);
    const advice = offset === undefined ? AS_TEXT : toAdvice(text, offset, forced);
    throw new CctError('input', `${name}${place}: invalid JSON; ${advice}`, { cause: thrown });
  }
}

/** What to do about JSON with an error at this place. */
function toAdvice(text: string, offset: number, forced: ForcedJsonFormat | undefined): string {
  const first = parseJson(text.slice(0, offset));
  // jq reads several documents, but nothing else behind one.
  if (first === undefined || !/[[{"\w-]/.test(text.charAt(offset))) return AS_TEXT;
  const isLine = /^\s*[^\n]*\n\s*$/.test(text.slice(0, offset));
  if (forced !== undefined && isLine && !Array.isArray(first)) return 'leave --input-format out';
  return `several documents: write one object per line (jq -c ${Array.isArray(first) ? "'.[]'" : '.'})${forced === undefined ? '' : ', and leave --input-format out'}`;
}

class FirstError extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super();
    this.offset = offset;
  }
}

/** The offset of the first error, which Node's own message often lacks. */
async function findError(text: string): Promise<number | undefined> {
  const { visit } = await import('jsonc-parser');
  try {
    // Thrown to stop: hostile text has as many errors as characters.
    const onError = (_code: number, offset: number): never => {
      throw new FirstError(offset);
    };
    visit(text, { onError }, { disallowComments: true, allowTrailingComma: false });
  } catch (thrown) {
    if (thrown instanceof FirstError) return thrown.offset;
    throw thrown;
  }
  return undefined;
}
