import * as z from 'zod/mini';
import { CctError } from './errors.ts';
import type { Observable } from './observable.ts';

const text = z.string('expected a non-empty string').check(z.minLength(1, 'expected a non-empty string'));
const itemSchema = z.object({ type: text, value: text }, 'expected an object with type and value');

/** One `{type, value}` from input; other keys are ignored. Throws `input`, naming the place, when it is something else. */
export function parseItem(item: unknown, place: string): Observable {
  // There may be a million, and the schema takes as long as JSON.parse; it says what is wrong with all others.
  if (isItem(item)) return { type: item.type, value: item.value };
  const parsed = itemSchema.safeParse(item);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.map((key) => `.${String(key)}`).join('') ?? '';
  throw new CctError('input', `${place}${path}: ${issue?.message ?? 'not an observable'}`);
}

function isItem(item: unknown): item is Observable {
  if (typeof item !== 'object' || item === null || Array.isArray(item) || !('type' in item) || !('value' in item)) return false;
  return typeof item.type === 'string' && item.type !== '' && typeof item.value === 'string' && item.value !== '';
}
