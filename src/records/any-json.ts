import type { JsonFormat, Reading } from './format.ts';
import { readEvent } from './json-events.ts';
import { createPlaces } from './json-fields.ts';

/** Any other JSON, an array of records or one: known fields, and every other string as text. Nested at most 999 levels. */
export const anyJson: JsonFormat = {
  unit: 'record',
  isPrivate: true,
  recognise: () => 'JSON',
  read: readRecords,
};

function readRecords(document: unknown, reading: Reading): void {
  const options = { picker: undefined, places: createPlaces() };
  const records: readonly unknown[] = Array.isArray(document) ? document : [document];
  for (const record of records) readEvent(record, reading, undefined, options);
  reading.count(records.length);
}
