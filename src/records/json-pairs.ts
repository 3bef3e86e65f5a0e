import type { JsonObject } from '../core/json-text.ts';
import { isObject } from '../core/json-text.ts';

/** A field that an object names in one member, and holds in another. */
export interface NamedField {
  readonly name: string;
  readonly value: unknown;
}

const NAME_KEYS = ['name', 'Name', '@Name', 'key', 'Key'];
const VALUE_KEYS = ['value', 'Value', '#text', 'Text'];
// HTTP/2 has a colon before its own names.
const FIELD_NAME = /^:?([A-Za-z][\w.-]{0,63})$/;

/** The field of `{"name": "Host", "value": "panel.example"}`, as headers and Windows events have them; undefined for any other object. */
export function toNamedField(object: JsonObject): NamedField | undefined {
  const valueKey = VALUE_KEYS.find((key) => Object.hasOwn(object, key));
  if (valueKey === undefined) return undefined;
  const attributes = object['#attributes'];
  const holder = isObject(attributes) ? attributes : object;
  const given = NAME_KEYS.map((key) => holder[key]).find((name) => typeof name === 'string');
  const name = FIELD_NAME.exec(given ?? '')?.[1];
  return name === undefined ? undefined : { name, value: object[valueKey] };
}
