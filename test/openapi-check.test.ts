import { describe, expect, test } from 'vitest';
import { toOpenApi } from '../src/relay/docs/openapi.ts';
import { soundAnswer } from './helpers/broken-answers.ts';
import { validateAgainstOpenApi } from './helpers/openapi.ts';

const document = toOpenApi({ version: '1.2.3', hasToken: true, hasMetrics: true });

describe('an answer held against the document', () => {
  const problem = { code: 404, message: 'Not found', reason: 'There is no such path' };
  const check = (method: string, path: string, status: number, body: unknown) =>
    validateAgainstOpenApi(document, { method, path, status }, body);

  test('is valid when the document describes it', () => {
    const { data, errors } = soundAnswer;
    expect(
      [
        check('POST', '/observe/observables', 200, soundAnswer),
        check('POST', '/observe/observables', 200, { errors }),
        check('POST', '/deliberate/observables', 200, { data: { verdicts: data.verdicts } }),
        check('POST', '/deliberate/observables', 413, { ...problem, code: 413 }),
        check('POST', '/health', 200, { data: { status: 'ok' } }),
        check('POST', '/refer/observables', 200, { data: [] }),
        check('POST', '/version', 200, { version: '1.2.3' }),
        check('GET', '/watchdog', 200, { data: 'x' }),
        check('GET', '/', 200, '<!DOCTYPE html>'),
        check('GET', '/', 200, { name: 'cct', description: 'x', version: '1', endpoints: [] }),
        check('GET', '/openapi.json', 200, document),
        check('GET', '/metrics', 200, '# HELP x x\n'),
        check('GET', '/metrics', 401, { ...problem, code: 401 }),
        check('GET', '/health', 405, { ...problem, code: 405 }),
        check('GET', '/none', 404, problem),
      ].flat(),
    ).toEqual([]);
  });

  test('is wrong when its body is another', () => {
    const wrong = [
      check('POST', '/observe/observables', 200, { ...soundAnswer, x: 1 }),
      check('POST', '/observe/observables', 200, {}),
      check('POST', '/health', 200, { data: { status: 'bad' } }),
      check('POST', '/refer/observables', 200, { data: {} }),
      check('POST', '/version', 200, { data: { version: '1' } }),
      check('GET', '/watchdog', 200, { data: 5 }),
      check('GET', '/openapi.json', 200, {}),
      check('GET', '/none', 404, { ...problem, x: 1 }),
      check('GET', '/health', 405, { code: 405, message: 'x' }),
    ];
    expect(wrong.map((problems) => problems.length > 0)).toEqual(wrong.map(() => true));
    expect(check('POST', '/version', 200, { version: 5 })).toEqual(['/version must be string']);
  });

  test('is wrong when the document does not list it', () => {
    expect([
      check('POST', '/version', 500, problem),
      check('POST', '/version', 413, problem),
      check('GET', '/version', 200, { version: '1' }),
      check('GET', '/none', 200, {}),
      check('POST', '/version', 200, '1.2.3'),
    ]).toEqual([
      ['POST /version with status 500 is not in the document'],
      ['POST /version with status 413 is not in the document'],
      ['GET /version with status 200 is not in the document'],
      ['GET /none with status 200 is not in the document'],
      ['POST /version with status 200: a text is not in the document'],
    ]);
  });
});
