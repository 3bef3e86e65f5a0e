import type { JsonObject } from '../core/json-text.ts';
import { isObject } from '../core/json-text.ts';
import type { SupportedType } from '../core/observable.ts';
import type { JsonFormat, Reading } from './format.ts';
import { addAddress } from './ip-value.ts';
import { firstObject, isTypedValue, itemsOf, toName } from './json-values.ts';
import { compositeTypes, isOnlyMispType, isOtherMispType } from './misp-types.ts';
import { toObservableType } from './type-names.ts';
import { passingOver } from './wrap-reading.ts';

/** MISP: an event, a list of events, or a list of attributes. Literal. */
export const mispJson: JsonFormat = {
  unit: 'attribute',
  isPrivate: false,
  recognise: (document) => (isMisp(document) ? 'MISP' : undefined),
  read(document, reading) {
    if (isObject(document) && Array.isArray(document['response'])) readRecords(document['response'], 'response', reading);
    else if (Array.isArray(document)) readRecords(document, '', reading);
    else readMispRecord(document, '', reading);
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

/** Whether a value is an object with one event or attribute, or with a list of attributes, alone or as `response`. */
function isMispRecord(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { Event: event, Attribute: attributes, response } = value;
  if (event === undefined && attributes === undefined && isObject(response)) return isContainer(response);
  return isContainer(value) || isAttribute(value);
}

function isContainer({ Event: event, Attribute: attributes }: JsonObject): boolean {
  if (isObject(event)) return isEvent(event);
  if (Array.isArray(attributes)) return isAttributes(attributes);
  return isTypedValue(attributes);
}

function isEvent(event: JsonObject): boolean {
  const { Attribute: attributes = [], Object: objects = [], info } = event;
  if (!isAttributes(attributes) || !Array.isArray(objects)) return false;
  return typeof info === 'string' || itemsOf(attributes).length > 0 || objects.some(isObject);
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

function readRecords(records: readonly unknown[], place: string, reading: Reading): void {
  for (const [index, record] of records.entries()) readMispRecord(record, `${place}[${index}]`, reading);
}

/** Reads one event, attribute, or object with a list of them. What cannot be read is noted, by its uuid or number, else by its place. */
function readMispRecord(record: unknown, place: string, reading: Reading): void {
  const { Event: event, Attribute: attributes, response } = isObject(record) ? record : {};
  if (event === undefined && attributes === undefined && isObject(response))
    readContainer(response, join(place, 'response'), reading);
  else if (isObject(record) && isContainer(record)) readContainer(record, place, reading);
  else readAttribute(record, place === '' ? 'attribute' : place, reading);
}

function readContainer({ Event: event, Attribute: attributes }: JsonObject, place: string, reading: Reading): void {
  if (isObject(event)) readEvent(event, join(place, 'Event'), reading);
  else if (Array.isArray(attributes)) readAttributes(attributes, join(place, 'Attribute'), reading);
  else readAttribute(attributes, join(place, 'Attribute'), reading);
}

function join(place: string, key: string): string {
  return place === '' ? key : `${place}.${key}`;
}

function readEvent(event: JsonObject, place: string, reading: Reading): void {
  readAttributes(event['Attribute'], `${place}.Attribute`, reading);
  passOverAll(event['ShadowAttribute'], reading);
  for (const [index, object] of itemsOf(event['Object']).entries()) {
    const at = `${place}.Object[${index}]`;
    if (!isObject(object)) {
      reading.note(`${at}: expected an object with attributes`);
      continue;
    }
    const target = isDeleted(object) ? passingOver(reading, 'deleted') : reading;
    readAttributes(object['Attribute'], `${at}.Attribute`, target);
  }
}

function readAttributes(attributes: unknown, place: string, reading: Reading): void {
  for (const [index, attribute] of itemsOf(attributes).entries()) readAttribute(attribute, `${place}[${index}]`, reading);
}

/** Proposals to change an event are no part of it. */
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

/** False for a type that MISP does not have. */
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
