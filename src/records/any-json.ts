import { isObject } from '../core/json-text.ts';
import { detectType } from '../text/detect-type.ts';
import { refang } from '../text/refang.ts';
import type { JsonFormat, Reading } from './format.ts';
import { readEvent } from './json-events.ts';
import { createPlaces } from './json-fields.ts';
import { createRecordReader } from './record-values.ts';

/** Any other JSON, an array of records or one: known fields, and every other string as text. Nested at most 999 levels. */
export const anyJson: JsonFormat = {
  unit: 'record',
  isPrivate: true,
  recognise: () => 'JSON',
  read: readRecords,
};

function readRecords(document: unknown, reading: Reading): void {
  const options = { picker: undefined, places: createPlaces(), addRecord: createRecordReader() };
  const records: readonly unknown[] = Array.isArray(document) ? document : [document];
  for (const record of records) {
    readKeys(record, reading);
    readEvent(record, reading, undefined, options);
  }
  reading.count(records.length);
}

/** Adds those keys of objects that are observables, as in `{"192.0.2.1": {"count": 7}}`. */
function readKeys(value: unknown, reading: Reading): void {
  if (typeof value !== 'object' || value === null) return;
  if (isObject(value)) addKeys(Object.keys(value), reading);
  for (const child of Object.values(value)) readKeys(child, reading);
}

function addKeys(keys: readonly string[], reading: Reading): void {
  const isDictionary = keys.every((key) => toKnownType(key) !== undefined);
  for (const key of keys) {
    const type = toKnownType(key);
    const value = refang(key);
    // Dotted field names such as `agent.id` and `host.name` end in top-level domains.
    const isCertain = isDictionary || type !== 'domain' || value !== key;
    if (type !== undefined && isCertain) reading.add({ type, value });
  }
}

function toKnownType(key: string): ReturnType<typeof detectType> {
  return /[.:[({]/.test(key) ? detectType(refang(key)) : undefined;
}
