import { describe, expect, test } from 'vitest';
import type { ErrorCode, RelayError } from '../../src/core/errors.ts';
import { CctError, exitStatusByCode, systemCodeOf, toCctError, toRelayError } from '../../src/core/errors.ts';

// A Record, so that the compiler asks for a row when a code is added.
const expected: Record<ErrorCode, { exitStatus: number; type: RelayError['type']; code: string }> = {
  usage: { exitStatus: 2, type: 'fatal', code: 'invalid argument' },
  input: { exitStatus: 2, type: 'fatal', code: 'invalid argument' },
  'too-many': { exitStatus: 2, type: 'warning', code: 'too many requests' },
  unauthorized: { exitStatus: 2, type: 'fatal', code: 'authorization error' },
  output: { exitStatus: 2, type: 'fatal', code: 'internal error' },
  'no-snapshot': { exitStatus: 4, type: 'fatal', code: 'service unavailable' },
  'from-snapshot': { exitStatus: 4, type: 'warning', code: 'service unavailable' },
  'not-found': { exitStatus: 4, type: 'fatal', code: 'not found' },
  unavailable: { exitStatus: 4, type: 'fatal', code: 'service unavailable' },
  forbidden: { exitStatus: 4, type: 'fatal', code: 'permission denied' },
  throttled: { exitStatus: 4, type: 'fatal', code: 'too many requests' },
  'unverified-certificate': { exitStatus: 4, type: 'fatal', code: 'unknown' },
  'unexpected-answer': { exitStatus: 4, type: 'fatal', code: 'unknown' },
  unintelligible: { exitStatus: 4, type: 'fatal', code: 'key error' },
  deadline: { exitStatus: 4, type: 'warning', code: 'service unavailable' },
  interrupted: { exitStatus: 130, type: 'warning', code: 'service unavailable' },
  internal: { exitStatus: 1, type: 'fatal', code: 'internal error' },
};

const codes: readonly ErrorCode[] = [
  ...([
    'usage',
    'input',
    'too-many',
    'unauthorized',
    'output',
    'no-snapshot',
    'from-snapshot',
    'not-found',
    'unavailable',
  ] as const),
  ...([
    'forbidden',
    'throttled',
    'unverified-certificate',
    'unexpected-answer',
    'unintelligible',
    'deadline',
    'interrupted',
    'internal',
  ] as const),
];

test('an error of another bundle, which has a class of its own, is one of cct', () => {
  const twin = Object.assign(new Error('no list'), { name: 'CctError', code: 'no-snapshot' });
  expect(toCctError(twin)).toBe(twin);
  expect(toCctError(new Error('no list')).code).toBe('internal');
  expect({ name: 'CctError' }).not.toBeInstanceOf(CctError);
});

describe('each code', () => {
  test('is in the tables below', () => {
    expect(Object.keys(expected).sort()).toEqual([...codes].sort());
  });

  test('has its exit status', () => {
    expect(exitStatusByCode).toEqual(Object.fromEntries(codes.map((code) => [code, expected[code].exitStatus])));
  });

  test('has its relay error, which holds type, code and message and nothing else', () => {
    const details = { cause: new Error('why'), rawExtract: '<html>', retryAfterMs: 5, isTransient: true };
    const errors = codes.map((code) => toRelayError(new CctError(code, 'What happened', details)));
    expect(errors).toEqual(
      codes.map((code) => ({ type: expected[code].type, code: expected[code].code, message: 'What happened' })),
    );
  });
});

function detailsOf({ code, rawExtract, retryAfterMs, isTransient }: CctError) {
  return { code, rawExtract, retryAfterMs, isTransient };
}

describe('CctError', () => {
  test('says what happened and keeps the details', () => {
    const cause = new Error('why');
    const error = new CctError('throttled', 'Too many', {
      cause,
      rawExtract: 'slow down',
      retryAfterMs: 5000,
      isTransient: true,
    });
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.message, error.cause]).toEqual(['CctError', 'Too many', cause]);
    expect(detailsOf(error)).toEqual({
      code: 'throttled',
      rawExtract: 'slow down',
      retryAfterMs: 5000,
      isTransient: true,
    });
  });

  test('without details has none, and no cause', () => {
    const error = new CctError('input', 'Bad');
    expect(detailsOf(error)).toEqual({
      code: 'input',
      rawExtract: undefined,
      retryAfterMs: undefined,
      isTransient: false,
    });
    expect(Object.hasOwn(error, 'cause')).toBe(false);
  });
});

describe('toCctError', () => {
  test('gives our own error back', () => {
    const error = new CctError('forbidden', 'No');
    expect(toCctError(error)).toBe(error);
  });

  test('makes any other error a bug, its message named and itself the cause', () => {
    const thrown = new TypeError('x is not a function');
    const error = toCctError(thrown);
    expect([error.code, error.message]).toEqual(['internal', 'This is a bug in cct: x is not a function']);
    expect(error.cause).toBe(thrown);
  });

  test('makes a bug of whatever else was thrown', () => {
    const errors = ['text', undefined, null, 5, Symbol('s')].map((thrown: unknown) => toCctError(thrown));
    expect(errors.map(({ code, message, cause }) => [code, message.replace('This is a bug in cct: ', ''), typeof cause])).toEqual(
      [
        ['internal', 'text', 'string'],
        ['internal', 'undefined', 'undefined'],
        ['internal', 'null', 'object'],
        ['internal', '5', 'number'],
        ['internal', 'Symbol(s)', 'symbol'],
      ],
    );
  });
});

describe('systemCodeOf', () => {
  test('gives the code that Node gave an error', () => {
    expect(systemCodeOf(Object.assign(new Error('no such file'), { code: 'ENOENT' }))).toBe('ENOENT');
  });

  test.each([
    undefined,
    null,
    'ENOENT',
    5,
    {},
    new Error('x'),
    { code: 5 },
    { code: undefined },
    Object.assign(() => 1, { code: 'E' }),
  ])('gives none of what has none: %j', (thrown) => {
    expect(systemCodeOf(thrown)).toBeUndefined();
  });
});
