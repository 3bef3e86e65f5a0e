import { CctError } from '../../src/core/errors.ts';
import type { Question } from '../../src/core/observable.ts';
import type { LookupContext } from '../../src/core/tracker.ts';

/** What is asked about a url with this lookup key. */
export const toQuestion = (key: string): Question => ({ type: 'url', key });

/** A caller, and what makes it leave. */
export function createCaller(deadlineAtMs?: number) {
  const controller = new AbortController();
  const error = new CctError('deadline', 'Too late');
  const context: LookupContext = { signal: controller.signal, deadlineAtMs };
  return { context, error, leave: () => controller.abort(error) };
}
