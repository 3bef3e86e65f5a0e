import { CctError } from '../errors.ts';
import type { Observable } from './observable.ts';

/** Parses a `{type, value}` from input, dropping other keys. Throws `input` with the place for anything else. */
export function parseItem(item: unknown, place: string): Observable {
  // No schema: it would take as long as JSON.parse.
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw new CctError('input', `${place}: expected an object with type and value`);
  }
  const { type, value } = item as { readonly type?: unknown; readonly value?: unknown };
  if (!isText(type)) throw missing(place, 'type');
  if (!isText(value)) throw missing(place, 'value');
  return { type, value };
}

function isText(given: unknown): given is string {
  return typeof given === 'string' && given !== '';
}

function missing(place: string, key: keyof Observable): CctError {
  return new CctError('input', `${place}.${key}: expected a non-empty string`);
}
