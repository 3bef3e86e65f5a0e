import type { JsonObject } from '../core/json-text.ts';
import { isObject } from '../core/json-text.ts';
import { cut } from '../core/safe-text.ts';

/** Whether a value has string `type` and `value`, as typed observables, MISP attributes and STIX observables do. */
export function isTypedValue(value: unknown): value is JsonObject & { readonly type: string; readonly value: string } {
  return isObject(value) && typeof value['type'] === 'string' && typeof value['value'] === 'string';
}

/** The items of an array; of anything else none. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The first object of an array, which decides what the array is taken for. */
export function firstObject(value: unknown): JsonObject | undefined {
  return itemsOf(value).find(isObject);
}

// A hostile id must not fill a message.
const MAX_NAME_LENGTH = 200;

/** How messages name an object: by its id, or by its place in the document. */
export function toName(id: unknown, place: string): string {
  return typeof id === 'string' && id !== '' ? cut(id, MAX_NAME_LENGTH) : place;
}
