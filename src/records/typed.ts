import { parseItem } from '../core/item.ts';
import { isObject } from '../core/json-text.ts';
import { isCtimDocument } from './ctim.ts';
import type { JsonFormat, Reading } from './format.ts';
import { isTypedValue } from './json-values.ts';
import { isAttribute, isAttributeList } from './misp.ts';
import { isStixList, isStixObject } from './stix.ts';

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
  const observables = toItems(document).map((item, index) => parseItem(item, place(index)));
  for (const observable of observables) reading.add(observable);
  reading.count(observables.length);
}

function toItems(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document;
  const observables = isObject(document) ? document['observables'] : undefined;
  return Array.isArray(observables) ? observables : [document];
}
