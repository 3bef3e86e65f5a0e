import { anyJson } from './any-json.ts';
import { ctimJson } from './ctim.ts';
import type { JsonFormat } from './format.ts';
import { mispJson } from './misp.ts';
import { ownJson } from './own.ts';
import { stixJson } from './stix.ts';
import { stringsJson } from './strings.ts';
import { typedJson } from './typed.ts';

/** The format of a document. */
export interface Recognised {
  readonly format: JsonFormat;
  /** For people: `STIX`. */
  readonly title: string;
}

/** The formats that a user can force, besides typed observables. */
export const FORCED_JSON_FORMATS = { stix: stixJson, misp: mispJson, records: anyJson } as const;

// In order: the first that recognises a document reads it.
const FORMATS: readonly JsonFormat[] = [typedJson, ownJson, stixJson, mispJson, ctimJson, stringsJson];

/** The format of a parsed document. Every document has one: what no other recognises is searched string by string. */
export function recogniseDocument(value: unknown): Recognised {
  for (const format of FORMATS) {
    const title = format.recognise(value);
    if (title !== undefined) return { format, title };
  }
  return { format: anyJson, title: 'JSON' };
}
