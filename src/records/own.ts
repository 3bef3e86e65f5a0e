import type { JsonObject } from '../core/json-text.ts';
import { isObject } from '../core/json-text.ts';
import { detectType } from '../text/detect-type.ts';
import { COLLECTIONS, readDocuments } from './ctim.ts';
import type { JsonFormat, Reading } from './format.ts';
import { firstObject, itemsOf } from './json-values.ts';

/** The answers of cct and of other relays, `{data: {verdicts: {docs: […]}}, errors: […]}`, or ledger rows. Literal. */
export const ownJson: JsonFormat = {
  unit: 'document',
  isPrivate: false,
  recognise(document) {
    if (isRow(Array.isArray(document) ? firstObject(document) : document)) return "cct's rows";
    return isObject(document) && isAnswer(document) ? 'a relay answer' : undefined;
  },
  read(document, reading) {
    if (Array.isArray(document)) readDocuments(document, '', reading);
    else if (isRow(document)) readDocuments([document], 'rows', reading);
    else if (isObject(document)) readAnswer(document, reading);
  },
};

/** Whether a value is a ledger row of `--format ndjson`. */
export function isRow(value: unknown): boolean {
  return isObject(value) && isObject(value['observable']) && typeof value['status'] === 'string';
}

function readAnswer(document: JsonObject, reading: Reading): void {
  const data = isObject(document['data']) ? document['data'] : {};
  for (const collection of Object.keys(data)) {
    if (COLLECTIONS.includes(collection)) readDocuments(docsOf(data, collection), `data.${collection}.docs`, reading);
  }
  readErrors(itemsOf(document['errors']), reading);
}

function isAnswer(document: JsonObject): boolean {
  if (Object.keys(document).some((key) => key !== 'data' && key !== 'errors')) return false;
  const { data, errors } = document;
  if (errors !== undefined && !(Array.isArray(errors) && errors.every(isError))) return false;
  if (data === undefined) return errors !== undefined;
  if (!isObject(data)) return false;
  const collections = Object.keys(data);
  const hasKnown = collections.length === 0 || collections.some((collection) => COLLECTIONS.includes(collection));
  return hasKnown && collections.every((collection) => isObject(data[collection]) && Array.isArray(data[collection]['docs']));
}

function isError(value: unknown): boolean {
  return isObject(value) && ['type', 'code', 'message'].every((key) => typeof value[key] === 'string');
}

function docsOf(data: JsonObject, collection: string): readonly unknown[] {
  const documents = data[collection];
  return isObject(documents) ? itemsOf(documents['docs']) : [];
}

/** Errors name at most five observables, without their types, at the end of their messages. */
function readErrors(errors: readonly unknown[], reading: Reading): void {
  for (const [index, error] of errors.entries()) {
    const message = isObject(error) ? error['message'] : undefined;
    if (typeof message !== 'string') continue;
    const place = `errors[${index}]`;
    const more = / and ([\d,]+) more$/.exec(message);
    const names = readNames(more ? message.slice(0, more.index) : message);
    if (names) for (const name of names) addNamed(name, place, reading);
    else reading.note(`${place} names observables that cannot be told apart; repeat them from the original input`);
    if (more) reading.note(`${place} leaves ${more[1]} observables unnamed; repeat them from the original input`);
  }
}

const MAX_NAMES = 5;

/** The names at the end of a message, none for a message without. Undefined if a URL may hold what separates names. */
function readNames(message: string): readonly string[] | undefined {
  const lists = message.split(': ').map((part) => part.split(', '));
  const first = lists.findIndex((list) => list.some(isName));
  const [names = [], ...rest] = first === -1 ? [] : lists.slice(first);
  return rest.length === 0 && names.length <= MAX_NAMES && names.every(isName) ? names : undefined;
}

function isName(text: string): boolean {
  return detectType(text.replace(/…$/, '')) !== undefined;
}

function addNamed(name: string, place: string, reading: Reading): void {
  if (name.endsWith('…')) {
    reading.note(`${place} shortens an observable; repeat it from the original input`);
    return;
  }
  const type = detectType(name);
  // Lookups of domains cannot fail: only URLs are sent as bare names.
  if (type !== undefined) reading.add({ type: type === 'domain' ? 'url' : type, value: name });
}
