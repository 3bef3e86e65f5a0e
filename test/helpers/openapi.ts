import { Ajv2020 } from 'ajv/dist/2020.js';

/** An answer: the request's method and path without query, and the HTTP status. */
export interface Answered {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

// The document has only answers of paths that exist; those with another status than 200 have one schema.
const PROBLEM_OF_ANY_PATH = ['components', 'responses', 'BadRequest'] as const;

/**
 * What is wrong with an answer by an OpenAPI 3.1 document, a line each. `body` is parsed JSON, or the text of another answer. Unlisted
 * paths may only be 404, unlisted methods only 405; other unlisted answers are wrong.
 */
export function validateAgainstOpenApi(document: object, answered: Answered, body: unknown): string[] {
  const { method, path, status } = answered;
  const place = findResponse(document, answered);
  if (place === null) return [`${method} ${path} with status ${status} is not in the document`];
  const isText = typeof body === 'string';
  const mediaTypes = Object.keys(toRecord(at(document, [...place, 'content'])));
  const mediaType = mediaTypes.find((type) => type.startsWith('text/') === isText);
  if (mediaType === undefined)
    return [`${method} ${path} with status ${status}: ${isText ? 'a text' : 'JSON'} is not in the document`];
  return validateAt(document, [...place, 'content', mediaType, 'schema'], body);
}

/** What is wrong with a value by the schema at a place in the document, a line each. */
export function validateAt(document: object, place: readonly string[], value: unknown): string[] {
  // The document holds schemas but is none: its other keys are unknown to the validator.
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  ajv.addSchema(document, 'openapi.json');
  const validate = ajv.compile({ $ref: `openapi.json#${place.map(toPointerPart).join('')}` });
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
}

function toPointerPart(key: string): string {
  return `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
}

/** The place of the response in the document, its `$ref` followed, or null. */
function findResponse(document: object, { method, path, status }: Answered): readonly string[] | null {
  const operations = toRecord(at(document, ['paths', path]));
  const names = Object.keys(operations);
  if (names.length === 0) return status === 404 ? PROBLEM_OF_ANY_PATH : null;
  const name = method.toLowerCase();
  const operation = names.includes(name) ? name : status === 405 ? names[0] : undefined;
  if (operation === undefined) return null;
  const place = ['paths', path, operation, 'responses', String(status)];
  const response = toRecord(at(document, place));
  if (typeof response['$ref'] === 'string') return response['$ref'].slice('#/'.length).split('/');
  return Object.keys(response).length === 0 ? null : place;
}

/** The value at these keys of a document, or undefined. */
export function at(document: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((value, key) => toRecord(value)[key], document);
}

/** The value as a record; other values have no keys. */
export function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries<unknown>(Object.entries(value)) : {};
}
