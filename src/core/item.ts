import * as z from 'zod/mini';
import { CctError } from './errors.ts';
import type { Observable } from './observable.ts';

const text = z.string('expected a non-empty string').check(z.minLength(1, 'expected a non-empty string'));
const itemSchema = z.object({ type: text, value: text }, 'expected an object with type and value');

/** One `{type, value}` from input; other keys are ignored. Throws `input`, naming the place, when it is something else. */
export function parseItem(item: unknown, place: string): Observable {
  const parsed = itemSchema.safeParse(item);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.map((key) => `.${String(key)}`).join('') ?? '';
  throw new CctError('input', `${place}${path}: ${issue?.message ?? 'not an observable'}`);
}
