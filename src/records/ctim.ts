import { CctError } from '../core/errors.ts';
import { parseItem } from '../core/observables/item.ts';
import type { JsonObject } from '../core/json-text.ts';
import { isObject } from '../core/json-text.ts';
import type { Observable } from '../core/observables/observable.ts';
import type { JsonFormat, Reading } from './format.ts';
import { firstObject, isTypedValue, itemsOf } from './json-values.ts';

/** The collections of a bundle or answer whose documents may name observables. */
export const COLLECTIONS: readonly string[] = ['judgements', 'verdicts', 'sightings', 'indicators', 'casebooks'];

/** CTIM: a bundle, a document, or a list of documents. Literal; unsupported types are kept. */
export const ctimJson: JsonFormat = {
  unit: 'document',
  isPrivate: false,
  recognise: (document) => (isCtim(document) ? 'CTIM' : undefined),
  read(document, reading) {
    if (Array.isArray(document)) readDocuments(document, '', reading);
    else if (isCtimDocument(document)) readDocuments([document], 'documents', reading);
    else if (isObject(document)) readBundle(document, '', reading);
  },
};

function readBundle(bundle: JsonObject, place: string, reading: Reading): void {
  for (const key of Object.keys(bundle)) {
    if (COLLECTIONS.includes(key)) readDocuments(itemsOf(bundle[key]), `${place}${key}`, reading);
  }
}

function isCtim(document: unknown): boolean {
  if (!Array.isArray(document)) return isCtimDocument(document) || isBundle(document);
  // Documents that name no observables, such as indicators, may stand between others.
  return document.some(isCtimDocument) && document.every((item) => !isObject(item) || typeof item['type'] === 'string');
}

/** Whether a value is a CTIM judgement, verdict, sighting or casebook that names observables. */
export function isCtimDocument(value: unknown): boolean {
  if (!isObject(value)) return false;
  const type = value['type'];
  if (type === 'judgement' || type === 'verdict') return isObject(value['observable']);
  if (type !== 'sighting' && type !== 'casebook') return false;
  const { observables, bundle } = value;
  if (type === 'casebook' && observables === undefined) return isObject(bundle);
  return Array.isArray(observables) && (observables.length === 0 || isTypedValue(firstObject(observables)));
}

function isBundle(value: unknown): boolean {
  if (!isObject(value)) return false;
  const isNamed = value['type'] === 'bundle';
  if (!isNamed && value['type'] !== undefined) return false;
  const given = COLLECTIONS.filter((collection) => value[collection] !== undefined);
  if (!given.every((collection) => Array.isArray(value[collection]))) return false;
  if (!isNamed) return given.some((collection) => isCtimDocument(firstObject(value[collection])));
  return given.length > 0 || Object.keys(value).some((key) => key.endsWith('_refs') && Array.isArray(value[key]));
}

/** Reads a list of CTIM documents, and counts them. */
export function readDocuments(documents: readonly unknown[], place: string, reading: Reading): void {
  for (const [index, document] of documents.entries()) readCtimDocument(document, `${place}[${index}]`, reading);
  reading.count(documents.length);
}

/** Adds the observables of a CTIM document; notes the place of an invalid item. */
function readCtimDocument(document: unknown, place: string, reading: Reading): void {
  if (!isObject(document)) {
    reading.note(`${place}: expected a CTIM document`);
    return;
  }
  if (document['observable'] !== undefined) addObservable(document['observable'], `${place}.observable`, reading);
  addAll(document['observables'], `${place}.observables`, reading);
  for (const [index, relation] of itemsOf(document['relations']).entries()) {
    if (isObject(relation)) readRelation(relation, `${place}.relations[${index}]`, reading);
  }
  passOverTargets(document['targets'], reading);
  // What a casebook has beside its observables.
  if (isObject(document['bundle'])) readBundle(document['bundle'], `${place}.bundle.`, reading);
}

function readRelation(relation: JsonObject, place: string, reading: Reading): void {
  for (const end of ['source', 'related']) {
    if (relation[end] !== undefined) addObservable(relation[end], `${place}.${end}`, reading);
  }
}

/** Targets are the reporter's own machines, so they are not looked up. */
function passOverTargets(targets: unknown, reading: Reading): void {
  for (const target of itemsOf(targets)) {
    const observables = isObject(target) ? itemsOf(target['observables']) : [];
    for (const observable of observables) if (isTypedValue(observable)) reading.passOver('other type', observable.value);
  }
}

function addAll(observables: unknown, place: string, reading: Reading): void {
  for (const [index, item] of itemsOf(observables).entries()) addObservable(item, `${place}[${index}]`, reading);
}

function addObservable(item: unknown, place: string, reading: Reading): void {
  let observable: Observable;
  try {
    observable = parseItem(item, place);
  } catch (thrown) {
    if (!(thrown instanceof CctError)) throw thrown;
    reading.note(thrown.message);
    return;
  }
  reading.add(observable);
}
