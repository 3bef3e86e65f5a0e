import type { JsonObject } from '../core/json-text.ts';
import { isObject } from '../core/json-text.ts';
import type { SupportedType } from '../core/observables/observable.ts';
import type { JsonFormat, Reading } from './format.ts';
import { addAddress } from './ip-value.ts';
import { firstObject, isTypedValue, itemsOf, toName } from './json-values.ts';
import { compositeTypes, isOnlyMispType, isOtherMispType } from './misp-types.ts';
import { toObservableType } from './type-names.ts';
import { passingOver } from './wrap-reading.ts';

/** MISP: an event, an object, or a list of events, objects or attributes; each with or without the key that names it. Literal. */
export const mispJson: JsonFormat = {
  unit: 'attribute',
  isPrivate: false,
  recognise: (document) => (isMisp(document) ? 'MISP' : undefined),
  read(document, reading) {
    if (Array.isArray(document)) readAll(document, '', (record, place) => readRecord(record, place, reading));
    else readRecord(document, '', reading);
  },
};

function isMisp(document: unknown): boolean {
  if (Array.isArray(document)) return isAttributeList(document) || isMispRecord(firstObject(document));
  if (isObject(document) && Array.isArray(document['response'])) {
    const { response } = document;
    return response.length === 0 ? Object.keys(document).length === 1 : isMispRecord(firstObject(response));
  }
  return isMispRecord(document);
}

/** Whether a value is an attribute, or an object that holds one or some, alone or as `response`. */
function isMispRecord(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { Event: event, Attribute: attributes, response } = value;
  if (event === undefined && attributes === undefined && isObject(response)) return isContainer(response);
  return isContainer(value) || isAttribute(value);
}

function isContainer({ Event: event, Attribute: attributes, Object: objects }: JsonObject): boolean {
  if (isObject(event)) return isEvent(event);
  if (Array.isArray(attributes)) return isAttributes(attributes);
  if (isTypedValue(attributes)) return true;
  return (Array.isArray(objects) ? objects : [objects]).some(isMispObject);
}

function isEvent(event: JsonObject): boolean {
  const { Attribute: attributes = [], Object: objects = [], info } = event;
  if (!isAttributes(attributes) || !Array.isArray(objects)) return false;
  return typeof info === 'string' || itemsOf(attributes).length > 0 || objects.some(isObject);
}

/** An answer of the API names each object of a list once more. */
function isMispObject(given: unknown): boolean {
  const object = isObject(given) && isObject(given['Object']) ? given['Object'] : given;
  return isObject(object) && itemsOf(object['Attribute']).some(isTypedValue);
}

function isAttributes(value: unknown): boolean {
  return Array.isArray(value) && (value.length === 0 || value.some(isTypedValue));
}

/** Whether a value is an attribute of MISP, and no other typed observable. */
export function isAttribute(value: unknown): boolean {
  if (!isTypedValue(value)) return false;
  return 'category' in value || 'to_ids' in value || isOnlyMispType(value.type.toLowerCase());
}

/** Whether an array is a list of attributes. */
export function isAttributeList(items: readonly unknown[]): boolean {
  return items.some(isAttribute);
}

/** Reads one attribute, or a container of attributes. Notes invalid items by uuid, number or place. */
function readRecord(record: unknown, place: string, reading: Reading): void {
  // An attribute of a search has its event beside it.
  if (isObject(record) && !isTypedValue(record) && CONTENTS.some((key) => isHolder(record[key])))
    readContainer(record, place, reading);
  else readAttribute(record, place === '' ? 'attribute' : place, reading);
}

const CONTENTS = ['response', 'Event', 'Attribute', 'Object'];

function isHolder(value: unknown): boolean {
  return Array.isArray(value) || isObject(value);
}

function readContainer(container: JsonObject, place: string, reading: Reading): void {
  const target = isDeleted(container) ? passingOver(reading, 'deleted') : reading;
  const toPlace = (key: string) => (place === '' ? key : `${place}.${key}`);
  readAll(container['response'], toPlace('response'), (record, at) => readRecord(record, at, target));
  const readPart = (part: unknown, at: string) => {
    if (isObject(part)) readContainer(part, at, target);
    else target.note(`${at}: expected an object with attributes`);
  };
  readAll(container['Event'], toPlace('Event'), readPart);
  readAll(container['Attribute'], toPlace('Attribute'), (attribute, at) => readAttribute(attribute, at, target));
  passOverAll(container['ShadowAttribute'], target);
  readAll(container['Object'], toPlace('Object'), readPart);
}

/** Reads each item of a list, or a single item. */
function readAll(given: unknown, place: string, read: (item: unknown, place: string) => void): void {
  if (Array.isArray(given)) for (const [index, item] of given.entries()) read(item, `${place}[${index}]`);
  else if (isObject(given)) read(given, place);
}

/** Proposed changes are not part of the event. */
function passOverAll(proposals: unknown, reading: Reading): void {
  for (const proposal of itemsOf(proposals)) if (isTypedValue(proposal)) reading.passOver('other type', proposal.value);
}

function isDeleted(object: JsonObject): boolean {
  const { deleted } = object;
  return deleted === true || deleted === 1 || deleted === '1';
}

/** The uuid, else the number that MISP shows, else the place. */
function nameOf(attribute: unknown, place: string): string {
  if (!isObject(attribute)) return place;
  const { uuid, id } = attribute;
  return toName(uuid ?? (typeof id === 'number' || typeof id === 'string' ? `attribute ${id}` : undefined), place);
}

function readAttribute(attribute: unknown, place: string, reading: Reading): void {
  reading.count(1);
  if (!isTypedValue(attribute) || attribute.value === '') {
    reading.note(`${nameOf(attribute, place)}: expected an attribute with type and value`);
    return;
  }
  const { type, value } = attribute;
  passOverAll(attribute['ShadowAttribute'], reading);
  if (isDeleted(attribute)) reading.passOver('deleted', value);
  else if (!addTyped(type.toLowerCase(), value, reading)) {
    reading.note(`${nameOf(attribute, place)}: unknown attribute type ${JSON.stringify(toName(type, ''))}`);
  }
}

/** Returns false for an unknown MISP type. */
function addTyped(type: string, value: string, reading: Reading): boolean {
  const composite = compositeTypes.get(type);
  const single = toObservableType(type);
  if (composite) addParts(composite, value, reading);
  else if (single !== undefined) addSingle(single, value, reading);
  else if (isOtherMispType(type)) reading.passOver('other type', value);
  else return false;
  return true;
}

function addParts(types: readonly (SupportedType | undefined)[], value: string, reading: Reading): void {
  const bar = value.lastIndexOf('|');
  const parts = bar === -1 ? [value] : [value.slice(0, bar), value.slice(bar + 1)];
  for (const [index, part] of parts.entries()) {
    const type = types[index];
    // With a part missing, the whole becomes an invalid row instead of none.
    if (type !== undefined) addSingle(type, part === '' ? value : part, reading);
  }
}

function addSingle(type: SupportedType, value: string, reading: Reading): void {
  if (type === 'ip') addAddress(value, reading);
  else reading.add({ type, value });
}
