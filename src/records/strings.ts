import type { JsonFormat } from './format.ts';
import { itemsOf } from './json-values.ts';
import { addCell } from './search.ts';

/** An array of strings: values whose types are detected. */
export const stringsJson: JsonFormat = {
  unit: 'string',
  isPrivate: false,
  recognise(document) {
    const items = itemsOf(document);
    return items.length > 0 && items.every((item) => typeof item === 'string') ? 'JSON strings' : undefined;
  },
  read(document, reading) {
    const items = itemsOf(document);
    for (const item of items) if (typeof item === 'string') addCell(item, reading);
    reading.count(items.length);
  },
};
