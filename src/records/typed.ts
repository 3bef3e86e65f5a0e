import { CctError } from '../core/errors.ts';
import { parseItem } from '../core/observables/item.ts';
import { isObject } from '../core/json-text.ts';
import type { Observable } from '../core/observables/observable.ts';
import { isCtimDocument } from './ctim.ts';
import type { JsonFormat, Reading } from './format.ts';
import { isTypedValue } from './json-values.ts';
import { isAttribute, isAttributeList } from './misp.ts';
import { isStixList, isStixObject } from './stix.ts';
import { toObservableType } from './type-names.ts';
import { CORRECT_ITEM } from './way-out.ts';

const TITLE = 'typed observables';

/** Whether a value is one typed observable, and not an object of STIX, MISP or CTIM that also has `type` and `value`. */
export function isTypedObservable(value: unknown): boolean {
  return isTypedValue(value) && !isStixObject(value) && !isAttribute(value) && !isCtimDocument(value);
}

/** Observables as `{type, value}`: an array of them, an object with such an array as `observables`, or one alone. Literal. */
export const typedJson: JsonFormat = {
  unit: 'observable',
  isPrivate: false,
  recognise: (document) => (isTyped(document) ? TITLE : undefined),
  read: readTyped,
};

/** The same where the user said so: any array must be one of observables. */
export const forcedTypedJson: JsonFormat = {
  ...typedJson,
  recognise: (document) => (Array.isArray(document) || isObservablesObject(document) ? TITLE : undefined),
};

function isTyped(document: unknown): boolean {
  if (!Array.isArray(document)) {
    if (isObservablesObject(document)) return !isStixObject(document) && !isCtimDocument(document);
    return isTypedObservable(document);
  }
  if (document.length === 0) return true;
  return document.some(isTypedValue) && !isStixList(document) && !isAttributeList(document);
}

function isObservablesObject(document: unknown): boolean {
  return isObject(document) && Array.isArray(document['observables']);
}

function readTyped(document: unknown, reading: Reading): void {
  const place = (index: number): string => `${reading.name}: observables[${index}]`;
  const observables = toItems(document).map((item, index) => parseOrAdvise(withAliases(item), place(index), CORRECT_ITEM));
  for (const observable of observables) reading.add(observable);
  reading.count(observables.length);
}

/** TheHive writes `dataType` and `data`. */
function withAliases(item: unknown): unknown {
  if (!isObject(item) || 'type' in item || 'value' in item) return item;
  const { dataType: type, data: value } = item;
  return typeof type === 'string' ? { type: toObservableType(type) ?? type, value } : item;
}

/** The observable of an item. Throws `input` with the place, and what to do. */
export function parseOrAdvise(item: unknown, place: string, advice: string): Observable {
  try {
    return parseItem(item, place);
  } catch (thrown) {
    if (!(thrown instanceof CctError)) throw thrown;
    throw new CctError(thrown.code, `${thrown.message}. ${advice}`, { cause: thrown });
  }
}

function toItems(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document;
  const observables = isObject(document) ? document['observables'] : undefined;
  return Array.isArray(observables) ? observables : [document];
}
