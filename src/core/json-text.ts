/** Parses JSON; undefined if it is invalid. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `:line:column` of an offset, both from 1. */
export function toLineAndColumn(text: string, offset: number): string {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1 && end < offset; end = text.indexOf('\n', start)) {
    line += 1;
    start = end + 1;
  }
  return `:${line}:${offset - start + 1}`;
}

/** The maximum number of commas in a document. It bounds memory: a value of a few bytes takes a hundred in memory. */
export const MAX_JSON_COMMAS = 5_000_000;

/** Whether JSON text has too many values to parse. Counts commas, also those in strings. */
export function hasTooManyValues(text: string): boolean {
  let commas = 0;
  for (let at = text.indexOf(','); at !== -1; at = text.indexOf(',', at + 1)) {
    commas += 1;
    if (commas >= MAX_JSON_COMMAS) return true;
  }
  return false;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object: neither an array nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
