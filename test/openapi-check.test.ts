import { expect, test } from 'vitest';
import { toOpenApi } from '../src/relay/docs/openapi.ts';
import { soundAnswer } from './helpers/broken-answers.ts';
import { validateAgainstOpenApi } from './helpers/openapi.ts';

const document = toOpenApi({ version: '1.2.3', hasToken: true, hasMetrics: true });
const problem = { code: 404, message: 'Not found', reason: 'There is no such path' };

// The checker of other tests: one that takes everything would hide what they look for.
test.each<[method: string, path: string, status: number, body: unknown, isRight: boolean]>([
  ['POST', '/observe/observables', 200, soundAnswer, true],
  ['GET', '/', 200, '<!DOCTYPE html>', true],
  ['GET', '/health', 405, { ...problem, code: 405 }, true],
  ['GET', '/none', 404, problem, true],
  ['POST', '/version', 408, { ...problem, code: 408 }, true],
  ['POST', '/observe/observables', 200, { ...soundAnswer, x: 1 }, false],
  ['GET', '/openapi.json', 200, {}, false],
  ['GET', '/none', 404, { ...problem, x: 1 }, false],
  ['POST', '/version', 413, problem, false],
  ['GET', '/version', 200, { version: '1' }, false],
  ['GET', '/none', 200, {}, false],
  ['POST', '/version', 200, '1.2.3', false],
])('%s %s with status %i and the body %j is in the document: %s', (method, path, status, body, isRight) => {
  expect(validateAgainstOpenApi(document, { method, path, status }, body).length === 0).toBe(isRight);
});
